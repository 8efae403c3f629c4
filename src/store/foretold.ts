/** Merges that were predicted before they were measured: how far the surrogates were off. Calibration split. Pure. */
import { measuredValue, type Pair } from './plotted.ts';
import type { ParetoPoint, StudioState } from './state.ts';

type Predictions = StudioState['predictions'];

/** What was predicted for the two tasks of a merge; undefined where nothing was. */
export function predictedPlace(
  predictions: Predictions,
  id: string,
  pair: Pair,
): readonly [number, number] | undefined {
  const [x, y] = pair.map((task) => predictions[id]?.[task]);
  return x === undefined || y === undefined ? undefined : [x, y];
}

export interface PredictionError {
  /** Merges that were both predicted and measured. */
  readonly merges: number;
  /** Mean over merges and tasks of |measured − predicted|, as accuracy. */
  readonly mean: number;
}

/** Undefined while nothing that was predicted is measured. */
export function predictionError(
  points: readonly ParetoPoint[],
  predictions: Predictions,
  tasks: readonly string[],
): PredictionError | undefined {
  const errors = points.map((point) =>
    tasks.flatMap((task) => {
      const predicted = predictions[point.mergeId]?.[task];
      const measured = measuredValue(point, 'calibration', task);
      return predicted === undefined || measured === undefined ? [] : [Math.abs(measured - predicted)];
    }),
  );
  const all = errors.flat();
  if (all.length === 0) return undefined;
  const merges = errors.filter((each) => each.length > 0).length;
  return { merges, mean: all.reduce((sum, error) => sum + error, 0) / all.length };
}
