/** Goals of the merge on the screen: measured on the test split, or estimated by the surrogates of that split. */
import { coefficientsOf } from '../formats/coefficients.ts';
import { measuredObjective } from '../pareto/map.ts';
import { metricsOf } from '../pareto/surrogate/objective.ts';
import { estimateObjective } from '../pareto/surrogate/objective-values.ts';
import { catalogue } from './catalogue.ts';
import { memo } from './memo.ts';
import { type Goal, measuredGoal } from './objectives.ts';
import { selectExploration, selectMergeId, type TaskState } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { StudioState } from './state.ts';

export interface Now {
  readonly value: number;
  readonly state: TaskState;
}

/** By goal; undefined where nothing is known of it. */
export const selectNow = memo(
  (state: StudioState) => [
    state.recipe,
    selectMergeId(state),
    state.measurement,
    selectExploration(state),
    state.elsewhere ? state.points : null,
    selectSpace(state),
  ],
  (recipe, id, measurement, exploration, elsewhere, space) =>
    (goal: Goal): Now | undefined => {
      if (!recipe) return undefined;
      const point = elsewhere?.find(({ mergeId }) => mergeId === id);
      const there = point && measuredObjective(goal.objective, point.calibration);
      if (there !== undefined) return { value: there, state: 'measured' };
      const known = measurement?.mergeId === id ? measurement : undefined;
      const measured = known && measuredGoal(goal, known.test, known.info);
      if (measured !== undefined) return { value: measured, state: 'measured' };
      const surrogates = new Map(Object.entries(exploration?.test ?? {}));
      if (metricsOf(goal.objective).every((metric) => surrogates.has(metric))) {
        const c = coefficientsOf(recipe, catalogue, space).map(({ value }) => value);
        return { value: estimateObjective(goal.objective, { surrogates }, c).mean, state: 'estimated' };
      }
      const before = measurement ? measuredGoal(goal, measurement.test, measurement.info) : undefined;
      return before === undefined ? undefined : { value: before, state: 'measuring' };
    },
);
