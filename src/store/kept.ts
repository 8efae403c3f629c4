/** Which merges the brushes and floors keep, the same for every plot. */
import { predict } from '../pareto/surrogate/predict.ts';
import { type Condition, conditionsOf, meets } from './limits.ts';
import { memo } from './memo.ts';
import { taskAxis } from './parallel.ts';
import { measuredValue, type Split } from './plotted.ts';
import { namedCoefficients } from './point-recipe.ts';
import { selectExploration } from './selectors.ts';
import type { ParetoPoint, StudioState } from './state.ts';

export interface Keeper {
  /** Of a merge of the study on the screen. */
  measured(point: ParetoPoint, split: Split): boolean;
  /** @param values estimates that are known already, by goal */
  predicted(coefficients: readonly number[], values: Readonly<Record<string, number>>): boolean;
  /** Goals with a floor are all that limits: then a front stays one when what is below is left out. */
  readonly floorsOnly: boolean;
}

const SEPARATOR = '\n';

/** Tasks whose common front is looked at. */
const selectGoalText = memo(
  (state: StudioState) => [state.view?.goals, state.view?.pair, state.recipe?.experts],
  (goals, pair, experts) => ((goals === 'all' ? experts : pair) ?? []).join(SEPARATOR),
);

export const selectGoals = memo(
  (state: StudioState) => [selectGoalText(state)],
  (text): readonly string[] => (text === '' ? [] : text.split(SEPARATOR)),
);

/** Names of the coefficients: the same text while a slider moves. */
const selectCoefficientText = memo(
  (state: StudioState) => [state.recipe],
  (recipe) => (recipe ? namedCoefficients(recipe).map(({ name }) => name) : []).join(SEPARATOR),
);

export const selectCoefficientNames = memo(
  (state: StudioState) => [selectCoefficientText(state)],
  (text): readonly string[] => (text === '' ? [] : text.split(SEPARATOR)),
);

const NOBODY: readonly string[] = [];

/** Says of every merge whether brushes and floors keep it; undefined while there is none. */
export const selectKeeper = memo(
  (state: StudioState) => [
    selectCoefficientNames(state),
    state.recipe?.experts ?? NOBODY,
    selectGoals(state),
    state.brushes,
    state.floors,
    selectExploration(state),
  ],
  (coefficients, experts, goals, brushes, floors, exploration): Keeper | undefined => {
    const tasks = [...new Set([...experts, ...goals])];
    const axes = [...coefficients, ...tasks.map(taskAxis)];
    const conditions = conditionsOf(axes, tasks, { brushes, floors });
    if (conditions.length === 0) return undefined;
    const task = (index: number) => tasks[index - coefficients.length] ?? '';
    const isFloor = ({ index, most }: Condition) =>
      index >= coefficients.length && most === Number.POSITIVE_INFINITY && goals.includes(task(index));
    return {
      measured: (point, split) =>
        meets(conditions, (index) => point.coefficients[index] ?? measuredValue(point, split, task(index))),
      predicted: (c, values) =>
        meets(conditions, (index) => {
          const surrogate = exploration?.calibration[task(index)];
          return c[index] ?? values[task(index)] ?? (surrogate && predict(surrogate, c).mean);
        }),
      floorsOnly: conditions.every(isFloor),
    };
  },
);
