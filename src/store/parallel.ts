/** Measured and predicted merges of the study on the screen over its coefficients and its objectives. Pure. */
import type { PredictedPoint } from '../client/protocol.ts';
import type { Space } from '../formats/coefficients.ts';
import type { Recipe } from '../formats/recipe.ts';
import type { Goal, Unit } from './objectives.ts';
import { measuredIn, type Split } from './plotted.ts';
import { namedCoefficients } from './point-recipe.ts';
import type { ParetoPoint } from './state.ts';

/** A coefficient or an objective, with the values that its axis has to hold. */
export interface Dimension {
  /** `λ digits`, or `task digits`. */
  readonly id: string;
  /** `task`: an accuracy, `measure`: any other objective. */
  readonly kind: 'coefficient' | 'task' | 'measure';
  /** Symbol of the coefficient; empty for an objective. */
  readonly symbol: string;
  /** Expert or objective; undefined for a control of the method. */
  readonly expert?: string;
  readonly unit?: Unit;
  /** What the coefficient's group of layers holds, where there are several. */
  readonly layers?: string;
  readonly domain: readonly [number, number];
}

/** A merge: its values in the order of the dimensions. */
export interface Trace {
  readonly id: string;
  readonly values: readonly (number | undefined)[];
}

/** Accuracy axes end at round tens of percent. */
const ROUND = 10;

/** Coefficients first, then objectives: causes, then effects. */
export function dimensionsOf(
  recipe: Recipe,
  goals: readonly Goal[],
  traces: readonly Trace[],
  space: Space,
): readonly Dimension[] {
  const coefficients = namedCoefficients(recipe, space);
  const at = (index: number) => traces.flatMap(({ values }) => values[index] ?? []);
  return [
    ...coefficients.map(({ name, key, symbol: letter, expert, layers, min, max }, i): Dimension => {
      const values = at(i);
      // The sampled range is what there is to see; a slider pushed beyond it widens the axis.
      const [low, high] = expert === undefined ? [min, max] : [Math.max(min, 0), Math.min(max, 1)];
      const domain = [Math.min(low, ...values), Math.max(high, ...values)] as const;
      const symbol = expert === undefined ? key : letter;
      const whose = { ...(expert !== undefined && { expert }), ...(layers !== undefined && { layers }) };
      return { id: name, kind: 'coefficient', symbol, domain, ...whose };
    }),
    ...goals.map(({ id: expert, objective, unit }, i): Dimension => {
      const values = at(coefficients.length + i);
      const own = { id: taskAxis(objective.id), symbol: '', expert, unit };
      if (unit !== 'share') return { ...own, kind: 'measure', domain: spanOf(values) };
      const low = Math.floor(Math.min(1, ...values) * ROUND) / ROUND;
      const high = Math.ceil(Math.max(0, ...values) * ROUND) / ROUND;
      return { ...own, kind: 'task', domain: low < high ? [low, high] : [0, 1] };
    }),
  ];
}

/** From the least to the largest value, never without width. */
function spanOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** Axis of an objective, by its id. A task and an expert share their name; axes may not. */
export const taskAxis = (objective: string): string => `task ${objective}`;

export function measuredTraces(
  points: readonly ParetoPoint[],
  study: string | null,
  split: Split,
  goals: readonly Goal[],
): readonly Trace[] {
  return points
    .filter((point) => point.study === study)
    .map((point) => ({
      id: point.mergeId,
      values: [...point.coefficients, ...measuredIn(point, split, goals)],
    }));
}

export function predictedTraces(front: readonly PredictedPoint[], goals: readonly Goal[]): readonly Trace[] {
  return front.map(({ coefficients, values }, i) => ({
    id: `predicted ${i}`,
    values: [...coefficients, ...goals.map(({ objective }) => values[objective.id])],
  }));
}
