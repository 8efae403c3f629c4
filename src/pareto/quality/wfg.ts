/**
 * The volume of a union of boxes [0, p]: the kernel of the hypervolume. Points are rows of positive numbers of which the first
 * `objectives` count. Every index below is in range by construction; `as number` only says so to the compiler.
 */
import { nonDominatedRows } from '../front/filter.ts';

/** @param rows positive and mutually non-dominated; [count × at least `objectives`] */
export function volumeAboveZero(rows: readonly Float64Array[], objectives: number): number {
  if (rows.length === 0 || objectives === 0) return 0;
  if (objectives === 1) return Math.max(...rows.map((row) => row[0] as number));
  if (rows.length === 1) return boxVolume(rows[0] as Float64Array, objectives);
  if (objectives === 2) return area(rows);
  if (objectives === 3) return volume(rows);
  return exclusiveSum(rows, objectives);
}

/**
 * Σₖ p_k[last] · (what p_k covers of the other objectives that no point larger in the last one does): such points reach over
 * the whole height of p_k, so the last objective drops out (While et al. 2012, with slicing).
 */
function exclusiveSum(rows: readonly Float64Array[], objectives: number): number {
  const last = objectives - 1;
  const falling = rows.toSorted((p, q) => (q[last] as number) - (p[last] as number));
  let sum = 0;
  for (const [k, p] of falling.entries()) {
    const shared = volumeAboveZero(limitSet(p, falling, k, last), last);
    sum += (p[last] as number) * (boxVolume(p, last) - shared);
  }
  return sum;
}

/** The first `count` rows cut to the box of p, without those that others cover: [≤ count × objectives]. */
function limitSet(p: Float64Array, rows: readonly Float64Array[], count: number, objectives: number): Float64Array[] {
  const cut = new Float64Array(count * objectives);
  for (let i = 0; i < count; i++) {
    const q = rows[i] as Float64Array;
    for (let m = 0; m < objectives; m++) cut[i * objectives + m] = Math.min(p[m] as number, q[m] as number);
  }
  return nonDominatedOf(cut, objectives).map((i) => cut.subarray(i * objectives, (i + 1) * objectives));
}

/** Below this many rows, packing their ranks costs more than comparing them. */
const FEW = 48;

function nonDominatedOf(values: Float64Array, objectives: number): number[] {
  const count = values.length / objectives;
  if (count > FEW) return nonDominatedRows(values, objectives);
  const front: number[] = [];
  for (let i = 0; i < count; i++) {
    if (front.some((j) => covers(values, j, i, objectives))) continue;
    let kept = 0;
    for (const j of front) if (!covers(values, i, j, objectives)) front[kept++] = j;
    front.length = kept;
    front.push(i);
  }
  return front;
}

function covers(values: Float64Array, i: number, j: number, objectives: number): boolean {
  for (let m = 0; m < objectives; m++) {
    if ((values[i * objectives + m] as number) < (values[j * objectives + m] as number)) return false;
  }
  return true;
}

function boxVolume(p: Float64Array, objectives: number): number {
  let product = 1;
  for (let m = 0; m < objectives; m++) product *= p[m] as number;
  return product;
}

function area(rows: readonly Float64Array[]): number {
  const falling = rows.toSorted((p, q) => (q[0] as number) - (p[0] as number));
  let sum = 0;
  let height = 0;
  for (const p of falling) {
    const y = p[1] as number;
    if (y > height) {
      sum += (p[0] as number) * (y - height);
      height = y;
    }
  }
  return sum;
}

/** From the top of the third objective down: the area of the staircase of the points passed, times the way to the next. */
function volume(rows: readonly Float64Array[]): number {
  const falling = rows.toSorted((p, q) => (q[2] as number) - (p[2] as number));
  /** Corners by falling x and so rising y. */
  const stairs: Float64Array[] = [];
  let covered = 0;
  let sum = 0;
  for (const [k, p] of falling.entries()) {
    covered += addCorner(stairs, p);
    const below = falling[k + 1]?.[2] ?? 0;
    sum += covered * ((p[2] as number) - below);
  }
  return sum;
}

/**
 * Corners that p covers are taken out; none covers p, because a point that is larger in the third objective would dominate it.
 * @returns the area that p adds
 */
function addCorner(stairs: Float64Array[], p: Float64Array): number {
  const [x, y] = [p[0] as number, p[1] as number];
  const corner = (i: number) => stairs[i] as Float64Array;
  let from = 0;
  while (from < stairs.length && (corner(from)[0] as number) > x) from++;
  let height = from > 0 ? (corner(from - 1)[1] as number) : 0;
  let added = 0;
  let to = from;
  for (; to < stairs.length && (corner(to)[1] as number) <= y; to++) {
    added += (x - (corner(to)[0] as number)) * ((corner(to)[1] as number) - height);
    height = corner(to)[1] as number;
  }
  // Above the covered corners the staircase reaches as far as the first one that is higher than p.
  added += (x - (stairs[to]?.[0] ?? 0)) * (y - height);
  stairs.splice(from, to - from, p);
  return added;
}
