import { useMemo } from 'react';
import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectSampled } from '../../store/sampled.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { findMethod } from './methods.ts';

type Ranges = Readonly<Record<string, readonly [number, number]>>;

const NOWHERE: Ranges = {};
const SEPARATOR = '\n';

/**
 * Where merges were measured along a control of the chain, by name of the coefficient (`λ digits`), or under '' for a control of
 * the whole method; empty for controls that surrogates are not fitted over, and where nothing is measured.
 */
export function useSampled(step: number, control: string, isMeasured: boolean): Ranges {
  const sampled = useStudio(selectSampled);
  // The names stay the same text while a slider moves.
  const names = useStudio((state) => {
    const { recipe } = state;
    if (!isMeasured) return '';
    const method = recipe?.chain[step]?.method;
    if (!recipe || method === undefined || findMethod(method)?.kind !== 'merge') return '';
    const own = namedCoefficients(recipe, selectSpace(state)).filter(({ key }) => key === control);
    return own.map(({ name, expert = '' }) => `${expert === '' ? '' : name}${SEPARATOR}${name}`).join(SEPARATOR);
  });
  return useMemo(() => {
    if (names === '') return NOWHERE;
    const parts = names.split(SEPARATOR);
    return Object.fromEntries(
      parts.flatMap((key, i) => {
        const range = i % 2 === 0 ? sampled[parts[i + 1] ?? ''] : undefined;
        return range ? [[key, range] as const] : [];
      }),
    );
  }, [names, sampled]);
}
