/** Puts a panel on a page with a state made by hand: no worker, no weights. */

import catalogue from 'virtual:catalogue';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import type { Scores } from '../../formats/card.ts';
import { withCoefficients } from '../../formats/coefficients.ts';
import { mergeId } from '../../formats/merge-id.ts';
import { testCard } from '../../formats/recipe.testing.ts';
import { openingRecipe, type Recipe } from '../../formats/recipe.ts';
import { defaultView } from '../../formats/view.ts';
import type { Measurement, ParetoPoint, StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { studyOf } from '../../store/study.ts';

export { testCard };

export const recipe: Recipe = openingRecipe(testCard, catalogue);

export const recipeWith = (...lambda: readonly number[]): Recipe => withCoefficients(recipe, catalogue, lambda);

/** The same share of correct answers for the opening tasks, in their order. */
export const scoresOf = (n: number, ...shares: readonly number[]): Scores =>
  Object.fromEntries(recipe.experts.map((task, i) => [task, { correct: Math.round((shares[i] ?? 0) * n), n }]));

export const measured = (of: Recipe, test: Scores): Measurement => ({
  mergeId: mergeId(of, catalogue, testCard),
  recipe: of,
  test,
  info: null,
  source: 'here',
});

export const pointOf = (
  of: Recipe,
  calibration: Scores,
  test: Scores,
  coefficients: readonly number[],
): ParetoPoint => ({
  mergeId: mergeId(of, catalogue, testCard),
  recipe: of,
  study: studyOf(of, testCard, { vary: [], blocks: testCard.model.blocks }),
  coefficients,
  calibration,
  test,
  source: 'slider',
});

const initial = useStudio.getInitialState();
let root: Root | undefined;

export function set(change: Partial<StudioState>): void {
  flushSync(() => useStudio.setState(change));
}

/** Shows the panel; call it once per test, and `clear` after. */
export function show(panel: ReactNode, state: Partial<StudioState>): void {
  useStudio.setState({
    ...initial,
    card: testCard,
    recipe,
    view: { ...defaultView(recipe, testCard), pair: ['kana', 'rotation'] },
    zoo: { phase: 'ready' },
    ...state,
  });
  const place = document.createElement('div');
  place.style.width = '640px';
  document.body.append(place);
  root = createRoot(place);
  flushSync(() => root?.render(panel));
}

export function clear(): void {
  root?.unmount();
  document.body.replaceChildren();
}

export const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (found) return found;
  throw new Error(`nothing on the page matches ${selector}`);
};
