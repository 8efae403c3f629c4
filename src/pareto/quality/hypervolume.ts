/**
 * Hypervolume: what a front covers above a reference point, all objectives to be large. Exact: a sorted sweep for two
 * objectives, a staircase swept along the third for three, and beyond WFG (While, Bradstreet & Barone 2012), which adds up
 * what each point covers alone. Points that are not better than the reference in every objective cover nothing.
 */
import { sobol } from '../../core/random/sobol.ts';
import { nonDominated } from '../front/dominance.ts';
import { volumeAboveZero } from './wfg.ts';

/** By number of objectives, the most points that take about half a second; beyond eight WFG's cost grows out of hand. */
const MOST_EXACT_POINTS: readonly number[] = [...Array(4).fill(Number.POSITIVE_INFINITY), 1000, 200, 200, 200, 200];
const SAMPLES = 2 ** 15;
/** One fixed set of samples: the same front has the same estimate, and estimates of two fronts share their noise. */
const SAMPLE_SEED = 1;

/**
 * Exact volume of what lies above `reference` and below some point; [points × M] against [M].
 * @throws Error when a point has another number of objectives than the reference
 */
export function hypervolume(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): number {
  return volumeAboveZero(front(points, reference), reference.length);
}

/**
 * HV(S) − HV(S \ {p}) of each point, S the front of the points: what would be lost without it. Dominated points contribute
 * nothing, nor do points that are there twice.
 */
export function contributions(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): Float64Array {
  const members = nonDominated(points);
  const twice = (i: number) => points.some((point, j) => j !== i && equal(point, points[i] ?? []));
  const alone = new Float64Array(points.length);
  for (const i of members) {
    const others = members.flatMap((j) => (j === i ? [] : [points[j] ?? []]));
    alone[i] = twice(i) ? 0 : hypervolumeGain(others, points[i] ?? [], reference);
  }
  return alone;
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return Array.from(a).every((value, m) => value === b[m]);
}

/** HV(S ∪ {y}) − HV(S): the volume below y less what the others cover of it. */
export function hypervolumeGain(
  points: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  reference: ArrayLike<number>,
): number {
  const [box] = above([y], reference);
  if (!box) return 0;
  const covered = above(points, reference).map((other) => other.map((value, m) => Math.min(value, box[m] ?? 0)));
  const kept = nonDominated(covered).map((i) => covered[i] ?? new Float64Array());
  return Math.max(0, product(box) - volumeAboveZero(kept, reference.length));
}

export type Volume =
  | { readonly estimated: false; readonly value: number }
  /** `deviation`: standard deviation of as many independent samples, an upper bound in practice. */
  | { readonly estimated: true; readonly value: number; readonly samples: number; readonly deviation: number };

/** The exact volume where it can be had in time, else its estimate: over 8 objectives, over 200 points in 5 to 8, over 1,000 in 4. */
export function hypervolumeOrEstimate(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): Volume {
  const objectives = reference.length;
  const rows = front(points, reference);
  const exact = rows.length <= (MOST_EXACT_POINTS[objectives] ?? 0);
  return exact ? { estimated: false, value: volumeAboveZero(rows, objectives) } : estimate(rows, SAMPLES);
}

/**
 * Share of a fixed set of Sobol' points between the reference and the ideal that some point covers, times that box.
 * @throws RangeError beyond 21 objectives, see `sobol`
 */
export function estimateHypervolume(
  points: readonly ArrayLike<number>[],
  reference: ArrayLike<number>,
  samples = SAMPLES,
): Volume & { readonly estimated: true } {
  return estimate(front(points, reference), samples);
}

function estimate(rows: readonly Float64Array[], samples: number): Volume & { readonly estimated: true } {
  const objectives = rows[0]?.length ?? 0;
  const ideal = Array.from({ length: objectives }, (_, m) => Math.max(...rows.map((row) => row[m] ?? 0)));
  // In units of the ideal, so that the samples need no stretching.
  const unit = rows.map((row) => row.map((value, m) => value / (ideal[m] ?? 1)));
  const points = sobol(objectives, samples, SAMPLE_SEED);
  let covered = 0;
  for (let s = 0; s < samples; s++) if (unit.some((row) => contains(row, points, s * objectives))) covered++;
  const share = covered / samples;
  const box = rows.length > 0 ? product(ideal) : 0;
  return { estimated: true, value: share * box, samples, deviation: box * Math.sqrt((share * (1 - share)) / samples) };
}

function contains(row: Float64Array, points: Float64Array, at: number): boolean {
  for (let m = 0; m < row.length; m++) if ((row[m] ?? 0) <= (points[at + m] ?? 0)) return false;
  return true;
}

/** Points above the reference that no other dominates, as seen from the reference. */
function front(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): Float64Array[] {
  const rows = above(points, reference);
  return nonDominated(rows).map((i) => rows[i] ?? new Float64Array());
}

function above(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): Float64Array[] {
  const wrong = points.find((point) => point.length !== reference.length);
  if (wrong) throw new Error(`a point has ${wrong.length} objectives, but the reference has ${reference.length}`);
  return points
    .map((point) => Float64Array.from(point, (value, m) => value - (reference[m] ?? 0)))
    .filter((row) => row.every((value) => value > 0));
}

function product(values: ArrayLike<number>): number {
  let volume = 1;
  for (let m = 0; m < values.length; m++) volume *= values[m] ?? 0;
  return volume;
}
