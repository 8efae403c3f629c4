/** Merges that were predicted before they were measured: how far the surrogates were off. Calibration split. Pure. */
import { measuredObjective } from '../pareto/map.ts';
import type { Goal } from './objectives.ts';
import type { ParetoPoint, StudioState } from './state.ts';

type Predictions = StudioState['predictions'];

function predictedGoal(predictions: Predictions, id: string, { objective }: Goal): number | undefined {
  const metrics = Object.entries(predictions[id] ?? {}).map(([metric, value]) => [metric, { value }] as const);
  return measuredObjective(objective, Object.fromEntries(metrics));
}

/** What was predicted for the two goals of a merge; undefined where nothing was. */
export function predictedPlace(
  predictions: Predictions,
  id: string,
  goals: readonly Goal[],
): readonly [number, number] | undefined {
  const [x, y] = goals.map((goal) => predictedGoal(predictions, id, goal));
  return x === undefined || y === undefined ? undefined : [x, y];
}

export interface PredictionError {
  /** Merges that were both predicted and measured. */
  readonly merges: number;
  /** Mean over merges and goals of |measured − predicted|, in the unit of the goals. */
  readonly mean: number;
}

/** Undefined while nothing that was predicted is measured. */
export function predictionError(
  points: readonly ParetoPoint[],
  predictions: Predictions,
  goals: readonly Goal[],
): PredictionError | undefined {
  const errors = points.map((point) =>
    goals.flatMap((goal) => {
      const predicted = predictedGoal(predictions, point.mergeId, goal);
      const measured = measuredObjective(goal.objective, point.calibration);
      return predicted === undefined || measured === undefined ? [] : [Math.abs(measured - predicted)];
    }),
  );
  const all = errors.flat();
  if (all.length === 0) return undefined;
  const merges = errors.filter((each) => each.length > 0).length;
  return { merges, mean: all.reduce((sum, error) => sum + error, 0) / all.length };
}
