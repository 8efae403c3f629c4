import { namedCoefficients } from '../../store/point-recipe.ts';
import { short } from '../../store/sentence.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';

type Recipe = ParetoPoint['recipe'];

/** What a screen reader hears: "λ digits .30, λ kana .50". */
export const spokenCoefficients = (recipe: Recipe): string =>
  namedCoefficients(recipe)
    .map(({ name, value }) => `${name} ${short(value)}`)
    .join(', ');

/** A recipe's coefficients in a line: the letter once, then each expert's mark with its number. */
export function CoefficientList({ recipe }: { readonly recipe: Recipe }) {
  const card = useStudio((state) => state.card);
  const named = namedCoefficients(recipe);
  const index = (id: string) => card?.experts.findIndex((expert) => expert.id === id) ?? 0;
  return (
    <span className="coefficient-list">
      {named.map(({ name, expert, value }, i) => (
        <span key={name} title={name}>
          {expert === undefined ? `${name} ` : i === 0 && `${name.slice(0, -expert.length)}`}
          {expert !== undefined && <ExpertMark index={index(expert)} size={11} />}
          {short(value)}
        </span>
      ))}
    </span>
  );
}
