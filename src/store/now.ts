/** Goals of the merge on the screen: measured on the test split, or estimated by the surrogates of that split. */
import catalogue from 'virtual:catalogue';
import { coefficientsOf } from '../formats/coefficients.ts';
import { metricsOf } from '../pareto/surrogate/objective.ts';
import { estimateObjective } from '../pareto/surrogate/objective-values.ts';
import { memo } from './memo.ts';
import { type Goal, measuredGoal } from './objectives.ts';
import { selectExploration, selectMergeId, type TaskState } from './selectors.ts';
import type { StudioState } from './state.ts';

export interface Now {
  readonly value: number;
  readonly state: TaskState;
}

/** By goal; undefined where nothing is known of it. */
export const selectNow = memo(
  (state: StudioState) => [state.recipe, selectMergeId(state), state.measurement, selectExploration(state)],
  (recipe, id, measurement, exploration) =>
    (goal: Goal): Now | undefined => {
      if (!recipe) return undefined;
      const known = measurement?.mergeId === id ? measurement : undefined;
      const measured = known && measuredGoal(goal, known.test, known.info);
      if (measured !== undefined) return { value: measured, state: 'measured' };
      const surrogates = new Map(Object.entries(exploration?.test ?? {}));
      if (metricsOf(goal.objective).every((metric) => surrogates.has(metric))) {
        const c = coefficientsOf(recipe, catalogue).map(({ value }) => value);
        return { value: estimateObjective(goal.objective, { surrogates }, c).mean, state: 'estimated' };
      }
      const before = measurement ? measuredGoal(goal, measurement.test, measurement.info) : undefined;
      return before === undefined ? undefined : { value: before, state: 'measuring' };
    },
);
