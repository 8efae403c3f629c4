import { namedCoefficients } from '../../store/point-recipe.ts';
import { short } from '../../store/sentence.ts';
import { selectSpace } from '../../store/space.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';

type Recipe = ParetoPoint['recipe'];
type Named = ReturnType<typeof namedCoefficients>[number];

/** What a screen reader hears: "λ digits .30, λ kana .50". */
export const spokenCoefficients = (recipe: Recipe, space: ReturnType<typeof selectSpace>): string =>
  namedCoefficients(recipe, space)
    .map(({ name, value }) => `${name} ${short(value)}`)
    .join(', ');

/** A recipe's coefficients in a line: the letter once, then each expert's mark with its number, or those of its layers. */
export function CoefficientList({ recipe }: { readonly recipe: Recipe }) {
  const card = useStudio((state) => state.card);
  const named = namedCoefficients(recipe, useStudio(selectSpace));
  const index = (id: string) => card?.experts.findIndex((expert) => expert.id === id) ?? 0;
  return (
    <span className="coefficient-list">
      {byOwner(named).map(([first, ...others], i) => (
        <span key={first.name} title={[first, ...others].map(({ name }) => name).join(', ')}>
          {first.expert === undefined ? `${first.name} ` : i === 0 && `${first.symbol} `}
          {first.expert !== undefined && <ExpertMark index={index(first.expert)} size={11} />}
          {[first, ...others].map(({ value }) => short(value)).join('/')}
        </span>
      ))}
    </span>
  );
}

/** Groups of layers of one expert together, everything else by itself. */
function byOwner(named: readonly Named[]): readonly (readonly [Named, ...Named[]])[] {
  const owners: [Named, ...Named[]][] = [];
  for (const one of named) {
    const last = owners.at(-1);
    if (last && one.expert !== undefined && last[0].expert === one.expert) last.push(one);
    else owners.push([one]);
  }
  return owners;
}
