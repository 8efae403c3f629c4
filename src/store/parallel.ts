/** Measured and predicted merges of the study on the screen over its coefficients and all its tasks. Pure. */
import type { Exploration } from '../client/protocol.ts';
import type { Recipe } from '../formats/recipe.ts';
import { measuredValue, type Split } from './plotted.ts';
import { namedCoefficients } from './point-recipe.ts';
import type { ParetoPoint } from './state.ts';

/** A coefficient or a task, with the values that its axis has to hold. */
export interface Dimension {
  /** `λ digits`, or `task digits`. */
  readonly id: string;
  readonly kind: 'coefficient' | 'task';
  /** Symbol of the coefficient; empty for a task. */
  readonly symbol: string;
  /** Expert or task; undefined for a control of the method. */
  readonly expert?: string;
  readonly domain: readonly [number, number];
}

/** A merge: its values in the order of the dimensions. */
export interface Trace {
  readonly id: string;
  readonly values: readonly (number | undefined)[];
}

/** Accuracy axes end at round tens of percent. */
const ROUND = 10;

/** Coefficients first, then tasks: causes, then effects. */
export function dimensionsOf(
  recipe: Recipe,
  traces: readonly Trace[],
  unbounded: (task: string) => boolean = () => false,
): readonly Dimension[] {
  const coefficients = namedCoefficients(recipe);
  const at = (index: number) => traces.flatMap(({ values }) => values[index] ?? []);
  return [
    ...coefficients.map(({ name, key, expert, min, max }, i): Dimension => {
      const values = at(i);
      // The sampled range is what there is to see; a slider pushed beyond it widens the axis.
      const [low, high] = expert === undefined ? [min, max] : [Math.max(min, 0), Math.min(max, 1)];
      const domain = [Math.min(low, ...values), Math.max(high, ...values)] as const;
      const symbol = expert === undefined ? key : name.slice(0, -expert.length - 1);
      return { id: name, kind: 'coefficient', symbol, domain, ...(expert !== undefined && { expert }) };
    }),
    ...recipe.experts.map((expert, i): Dimension => {
      const values = at(coefficients.length + i);
      if (unbounded(expert)) return { id: taskAxis(expert), kind: 'task', symbol: '', expert, domain: spanOf(values) };
      const low = Math.floor(Math.min(1, ...values) * ROUND) / ROUND;
      const high = Math.ceil(Math.max(0, ...values) * ROUND) / ROUND;
      return { id: taskAxis(expert), kind: 'task', symbol: '', expert, domain: low < high ? [low, high] : [0, 1] };
    }),
  ];
}

/** From the least to the largest value, never without width. */
function spanOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** A task and an expert share their name; axes may not. */
export const taskAxis = (task: string): string => `task ${task}`;

export function measuredTraces(
  points: readonly ParetoPoint[],
  study: string | null,
  split: Split,
  tasks: readonly string[],
): readonly Trace[] {
  return points
    .filter((point) => point.study === study)
    .map((point) => ({
      id: point.mergeId,
      values: [...point.coefficients, ...tasks.map((task) => measuredValue(point, split, task))],
    }));
}

export function predictedTraces(front: Exploration['goalFront'], tasks: readonly string[]): readonly Trace[] {
  return front.map(({ coefficients, accuracy }, i) => ({
    id: `predicted ${i}`,
    values: [...coefficients, ...tasks.map((task) => accuracy[task])],
  }));
}
