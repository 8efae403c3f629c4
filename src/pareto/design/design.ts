/** Which merges to measure so that the quadratic surrogates are well determined. */
import { sobol } from '../../core/random/sobol.ts';
import type { MeasuredPoint, Range } from '../point.ts';
import { featureCount } from '../surrogate/features.ts';

export interface Axis extends Range {
  /** True for a coefficient of one expert: base and lone experts are then points of the space. */
  readonly perExpert: boolean;
}

/** Fewest merges that determine the surrogates of N coefficients. */
export function pointsNeeded(coefficients: number): number {
  return featureCount(coefficients);
}

/**
 * Where to sample a coefficient: between absent and fully added where it belongs to an expert (outside, most merges have
 * collapsed and teach nothing), its whole range otherwise.
 */
export function samplingRange(axis: Axis): Range {
  if (!axis.perExpert) return { min: axis.min, max: axis.max };
  const range = { min: Math.max(axis.min, 0), max: Math.min(axis.max, 1) };
  return range.min < range.max ? range : { min: axis.min, max: axis.max };
}

/**
 * The first `count` coefficient vectors to measure: the base and each expert alone where the space holds them, then scrambled
 * Sobol' points of the sampling ranges. A longer design begins with the shorter one, so measuring may be continued.
 */
export function design(axes: readonly Axis[], count: number, seed: number): number[][] {
  const corners = cornersOf(axes);
  const fill = scale(sobol(axes.length, Math.max(0, count - corners.length), seed), axes.map(samplingRange));
  return [...corners, ...fill].slice(0, count);
}

function cornersOf(axes: readonly Axis[]): number[][] {
  const holds = ({ min, max }: Range, value: number) => min <= value && value <= max;
  if (!axes.every((axis) => axis.perExpert && holds(axis, 0))) return [];
  const alone = axes.flatMap((axis, i) => (holds(axis, 1) ? [axes.map((_, j) => (i === j ? 1 : 0))] : []));
  return [axes.map(() => 0), ...alone];
}

/** Points of the unit cube, row by row, stretched to a box. */
export function scale(points: Float64Array, box: readonly Range[]): number[][] {
  const n = box.length;
  return Array.from({ length: n === 0 ? 0 : points.length / n }, (_, row) =>
    box.map(({ min, max }, i) => min + (points[row * n + i] ?? 0) * (max - min)),
  );
}

/** The box that measured points span: outside it a surrogate only extrapolates. Undefined without points. */
export function sampledBox(points: readonly Pick<MeasuredPoint, 'coefficients'>[]): Range[] | undefined {
  const [first] = points;
  return first?.coefficients.map((_, i) => {
    const values = points.map((point) => point.coefficients[i] ?? 0);
    return { min: Math.min(...values), max: Math.max(...values) };
  });
}

export function insideBox(c: readonly number[], box: readonly Range[]): boolean {
  return box.every(({ min, max }, i) => min <= (c[i] ?? 0) && (c[i] ?? 0) <= max);
}

/**
 * How far c lies outside the box: the largest excess of a coefficient, in widths of its axis. 0 inside, infinite beside an axis
 * without width. The surrogate only extrapolates there, the worse the farther.
 */
export function distanceOutside(c: readonly number[], box: readonly Range[]): number {
  return box.reduce((farthest, { min, max }, i) => {
    const value = c[i] ?? 0;
    const excess = Math.max(min - value, value - max, 0);
    return excess === 0 ? farthest : Math.max(farthest, excess / (max - min));
  }, 0);
}
