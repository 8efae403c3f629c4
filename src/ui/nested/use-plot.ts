import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';

/** The coefficients of the merge on the screen, as text so that only another merge draws anew. */
export function useCurrent(): readonly number[] | undefined {
  const text = useStudio((state) => {
    const { recipe } = state;
    return recipe ? JSON.stringify(namedCoefficients(recipe, selectSpace(state)).map(({ value }) => value)) : '';
  });
  return text === '' ? undefined : (JSON.parse(text) as number[]);
}
