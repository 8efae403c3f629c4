/** Which merges the brushes and floors keep, the same for every plot. */
import { measuredObjective } from '../pareto/map.ts';
import { metricsOf, type Objective } from '../pareto/surrogate/objective.ts';
import { estimateObjective } from '../pareto/surrogate/objective-values.ts';
import { type Condition, conditionsOf, meets } from './limits.ts';
import { memo } from './memo.ts';
import { selectEveryGoal, selectGoals } from './objectives.ts';
import { taskAxis } from './parallel.ts';
import type { Split } from './plotted.ts';
import { namedCoefficients } from './point-recipe.ts';
import { selectExploration } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint, StudioState } from './state.ts';

export interface Keeper {
  /** Of a merge of the study on the screen. */
  measured(point: ParetoPoint, split: Split): boolean;
  /** @param values estimates that are known already, by objective */
  predicted(coefficients: readonly number[], values: Readonly<Record<string, number>>): boolean;
  /** Goals with a floor are all that limits: then a front stays one when what is below is left out. */
  readonly floorsOnly: boolean;
}

const SEPARATOR = '\n';

/** Names of the coefficients: the same text while a slider moves. */
const selectCoefficientText = memo(
  (state: StudioState) => [state.recipe, selectSpace(state)],
  (recipe, space) => (recipe ? namedCoefficients(recipe, space).map(({ name }) => name) : []).join(SEPARATOR),
);

export const selectCoefficientNames = memo(
  (state: StudioState) => [selectCoefficientText(state)],
  (text): readonly string[] => (text === '' ? [] : text.split(SEPARATOR)),
);

/** Says of every merge whether brushes and floors keep it; undefined while there is none. */
export const selectKeeper = memo(
  (state: StudioState) => [
    selectCoefficientNames(state),
    selectEveryGoal(state),
    selectGoals(state),
    state.brushes,
    state.floors,
    selectExploration(state),
  ],
  (coefficients, every, goals, brushes, floors, exploration): Keeper | undefined => {
    const ids = every.map(({ objective }) => objective.id);
    const smaller = every.flatMap(({ objective: { id, sense } }) => (sense === 'minimise' ? [id] : []));
    const axes = [...coefficients, ...ids.map(taskAxis)];
    const conditions = conditionsOf(axes, ids, { brushes, floors }, smaller);
    if (conditions.length === 0) return undefined;
    const objective = (index: number) => every[index - coefficients.length]?.objective;
    const isFloor = ({ index, most }: Condition) =>
      most === Number.POSITIVE_INFINITY && goals.some((goal) => goal.objective.id === objective(index)?.id);
    const surrogates = new Map(Object.entries(exploration?.calibration ?? {}));
    const estimated = (own: Objective, c: readonly number[]) =>
      metricsOf(own).every((metric) => surrogates.has(metric))
        ? estimateObjective(own, { surrogates }, c).mean
        : undefined;
    return {
      measured: (point, split) =>
        meets(conditions, (index) => {
          const own = objective(index);
          return own ? measuredObjective(own, point[split]) : point.coefficients[index];
        }),
      predicted: (c, values) =>
        meets(conditions, (index) => {
          const own = objective(index);
          return own ? (values[own.id] ?? estimated(own, c)) : c[index];
        }),
      floorsOnly: conditions.every(isFloor),
    };
  },
);
