/** Where merges were sampled: outside, a surrogate only extrapolates. */
import { insideBox, sampledBox } from '../pareto/design/design.ts';
import { selectCoefficientNames } from './kept.ts';
import { memo } from './memo.ts';
import { namedCoefficients } from './point-recipe.ts';
import { selectExploration, selectStudy, selectTaskRows } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { StudioState } from './state.ts';

const selectBox = memo(
  (state: StudioState) => [state.points, selectStudy(state), selectExploration(state) !== null],
  (points, study, fitted) => (fitted ? sampledBox(points.filter((point) => point.study === study)) : undefined),
);

const NOWHERE: Readonly<Record<string, readonly [number, number]>> = {};

/** Least and largest sampled value by name of the coefficient (`λ digits`); empty while no surrogate is fitted. */
export const selectSampled = memo(
  (state: StudioState) => [selectBox(state), selectCoefficientNames(state)],
  (box, names) =>
    box
      ? Object.fromEntries(names.flatMap((name, i) => (box[i] ? [[name, [box[i].min, box[i].max]] as const] : [])))
      : NOWHERE,
);

/** Whether the numbers on the screen are estimates for coefficients outside the box that was sampled. */
export const selectExtrapolated = memo(
  (state: StudioState) => [state.recipe, selectBox(state), selectTaskRows(state), selectSpace(state)],
  (recipe, box, rows, space) => {
    if (!recipe || !box || !rows.some((row) => row.state === 'estimated')) return false;
    return !insideBox(
      namedCoefficients(recipe, space).map(({ value }) => value),
      box,
    );
  },
);
