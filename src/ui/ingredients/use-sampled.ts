import { useMemo } from 'react';
import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectSampled } from '../../store/sampled.ts';
import { useStudio } from '../../store/studio.ts';
import { findMethod } from './methods.ts';

type Ranges = Readonly<Record<string, readonly [number, number]>>;

const NOWHERE: Ranges = {};
const SEPARATOR = '\n';

/**
 * Where merges were measured along a control of the chain, by expert, or under '' for a control of the whole method; empty for
 * controls that surrogates are not fitted over.
 */
export function useSampled(step: number, control: string): Ranges {
  const sampled = useStudio(selectSampled);
  // The names stay the same text while a slider moves.
  const names = useStudio(({ recipe }) => {
    const method = recipe?.chain[step]?.method;
    if (!recipe || method === undefined || findMethod(method)?.kind !== 'merge') return '';
    const own = namedCoefficients(recipe).filter(({ key }) => key === control);
    return own.map(({ name, expert = '' }) => `${expert}${SEPARATOR}${name}`).join(SEPARATOR);
  });
  return useMemo(() => {
    if (names === '') return NOWHERE;
    const parts = names.split(SEPARATOR);
    return Object.fromEntries(
      parts.flatMap((expert, i) => {
        const range = i % 2 === 0 ? sampled[parts[i + 1] ?? ''] : undefined;
        return range ? [[expert, range] as const] : [];
      }),
    );
  }, [names, sampled]);
}
