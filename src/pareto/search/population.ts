/** Coefficient vectors with their objectives, as flat rows: what every search takes, keeps and hands out. */
import { randomStream } from '../../core/random/counter.ts';
import type { Range } from '../point.ts';

export interface Population {
  readonly count: number;
  /** [count × N] */
  readonly x: Float64Array;
  /** [count × M], to be maximised. */
  readonly f: Float64Array;
}

export interface Problem {
  readonly box: readonly Range[];
  /** M */
  readonly objectives: number;
  /** [count × N] → [count × M], to be maximised. */
  evaluate(x: Float64Array): Float64Array;
}

/** One generation of a search. */
export interface Generation {
  /** 0 is the initial population. */
  readonly generation: number;
  /** So far. */
  readonly evaluations: number;
  readonly population: Population;
  /** All evaluated vectors that no other dominates; empty unless asked for. */
  readonly archive: Population;
}

export function evaluated(problem: Problem, x: Float64Array): Population {
  const count = x.length / problem.box.length;
  const f = problem.evaluate(x);
  if (f.length !== count * problem.objectives) {
    throw new Error(`${count} vectors have ${f.length} objectives; wanted ${problem.objectives} each`);
  }
  return { count, x, f };
}

/** The given vectors, moved into the box, and uniform ones after them until there are `count`. */
export function startingVectors(
  box: readonly Range[],
  count: number,
  seed: number,
  given: readonly ArrayLike<number>[] = [],
): Float64Array {
  const random = randomStream(seed, 'starting vectors');
  const x = new Float64Array(count * box.length);
  for (let i = 0; i < count; i++) {
    for (const [k, { min, max }] of box.entries()) {
      const value = given[i]?.[k] ?? min + random.uniform() * (max - min);
      x[i * box.length + k] = Math.min(max, Math.max(min, value));
    }
  }
  return x;
}

export const NOBODY: Population = { count: 0, x: new Float64Array(), f: new Float64Array() };

export function joined(a: Population, b: Population): Population {
  return { count: a.count + b.count, x: concatenated(a.x, b.x), f: concatenated(a.f, b.f) };
}

function concatenated(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

export function selected({ count, x, f }: Population, members: readonly number[]): Population {
  const [n, m] = [x.length / count, f.length / count];
  const rows = (values: Float64Array, width: number) => {
    const taken = new Float64Array(members.length * width);
    for (const [k, i] of members.entries()) taken.set(values.subarray(i * width, (i + 1) * width), k * width);
    return taken;
  };
  return members.length === 0 ? NOBODY : { count: members.length, x: rows(x, n), f: rows(f, m) };
}

/** Row i of [· × width]. */
export function row(values: Float64Array, i: number, width: number): Float64Array {
  return values.subarray(i * width, (i + 1) * width);
}

/** The rows of [count × width] as views. */
export function rowsOf(values: Float64Array, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, i) => row(values, i, values.length / count));
}

/** The archive with the newcomers that it does not dominate, without those that they dominate; of equal ones the first stays. */
export function archived(archive: Population, newcomers: Population): Population {
  const all = joined(archive, newcomers);
  const objectives = all.f.length / all.count;
  let kept = Array.from({ length: archive.count }, (_, i) => i);
  for (let i = archive.count; i < all.count; i++) {
    if (kept.some((j) => notBelow(all.f, j, i, objectives))) continue;
    kept = kept.filter((j) => !notBelow(all.f, i, j, objectives));
    kept.push(i);
  }
  return selected(all, kept);
}

/** Every index is in range by construction; `as number` only says so to the compiler. */
function notBelow(f: Float64Array, i: number, j: number, objectives: number): boolean {
  const [a, b] = [i * objectives, j * objectives];
  for (let m = 0; m < objectives; m++) if ((f[a + m] as number) < (f[b + m] as number)) return false;
  return true;
}
