/** Lines and planes between networks: which places are measured, and how they are shared. */
import type { Slice2D } from '../../client/protocol.ts';
import { sharesAt } from '../../core/stats/plane.ts';
import type { Scores } from '../../formats/card.ts';
import { accuracyOf } from '../../formats/scores.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
  /** By model id; shares of one model named twice are added. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Places along the line from a to b, both ends among them. */
export const LINE_PLACES = 21;
/** Places along each side of the plane. */
export const PLANE_PLACES = 15;
/** How far the plane is shown beyond the models that lie in it, in parts of their extent. */
const BEYOND = 0.2;

export function linePlaces(a: string, b: string): readonly Place[] {
  return Array.from({ length: LINE_PLACES }, (_, i) => {
    const x = i / (LINE_PLACES - 1);
    return { x, y: 0, shares: a === b ? { [a]: 1 } : { [a]: 1 - x, [b]: x } };
  });
}

export interface Grid {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** From the lowest row upwards, each from the left. */
  readonly places: readonly Place[];
}

function widened(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [low - BEYOND * (high - low), high + BEYOND * (high - low)];
}

/** A grid that holds the three models and everything that is seen from their plane. */
export function planeGrid({ plane, shadows }: Slice2D, corners: readonly [string, string, string]): Grid {
  const seen = [...plane.corners.map(([x, y]) => ({ x, y })), ...shadows];
  const [x, y] = [widened(seen.map((one) => one.x)), widened(seen.map((one) => one.y))];
  const along = ([low, high]: readonly [number, number], i: number) => low + ((high - low) * i) / (PLANE_PLACES - 1);
  const places = Array.from({ length: PLANE_PLACES ** 2 }, (_, i) => {
    const [px, py] = [along(x, i % PLANE_PLACES), along(y, Math.floor(i / PLANE_PLACES))];
    const shares = sharesAt(plane, px, py);
    return { x: px, y: py, shares: Object.fromEntries(corners.map((id, corner) => [id, shares[corner] ?? 0])) };
  });
  return { x, y, places };
}

/** The order in which a grid's places are measured: coarse first, so that its shape is seen early. */
export function coarseFirst(side: number): readonly number[] {
  const level = (i: number) => Math.min(...[i % side, Math.floor(i / side)].map((c) => (c === 0 ? 8 : c & -c)));
  return Array.from({ length: side * side }, (_, i) => i).sort((a, b) => level(b) - level(a) || a - b);
}

export type Measure = 'accuracy' | 'loss';

/** Of one task, or the mean over all of them: accuracy 0…1, or cross-entropy per image in nats. */
export function valueAt(scores: Scores, task: string | null, measure: Measure): number | undefined {
  const wanted = task === null ? Object.values(scores) : scores[task] ? [scores[task]] : [];
  const values = wanted.map((score) =>
    measure === 'accuracy' ? accuracyOf(score) : (score.loss ?? Number.NaN) / score.n,
  );
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}
