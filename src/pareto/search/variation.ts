/** Bounded variation of real vectors, as in Deb's codes: simulated binary crossover and polynomial mutation. */
import type { Random } from '../../core/random/counter.ts';
import type { Range } from '../point.ts';

export interface Variation {
  /** Distribution index of the crossover η_c: larger keeps children nearer to their parents. */
  readonly crossoverIndex: number;
  /** Chance that a pair is crossed at all; each variable then with ½. */
  readonly crossover: number;
  /** Distribution index of the mutation η_m. */
  readonly mutationIndex: number;
  /** Chance of each variable. */
  readonly mutation: number;
}

const PER_VARIABLE = 0.5;
/** Parents that are equal up to rounding have nothing to cross. */
const LEAST_DISTANCE = 1e-14;

/** Two parents, two children, all inside the box: crossed, then each mutated. */
export function vary(
  parents: readonly [ArrayLike<number>, ArrayLike<number>],
  box: readonly Range[],
  variation: Variation,
  random: Random,
): [Float64Array, Float64Array] {
  const children: [Float64Array, Float64Array] = [Float64Array.from(parents[0]), Float64Array.from(parents[1])];
  if (random.uniform() < variation.crossover) crossover(children, box, variation.crossoverIndex, random);
  for (const child of children) mutate(child, box, variation.mutationIndex, variation.mutation, random);
  return children;
}

/** Simulated binary crossover in place (Deb & Agrawal 1995, bounded as in NSGA-II). */
function crossover(
  [first, second]: readonly [Float64Array, Float64Array],
  box: readonly Range[],
  index: number,
  random: Random,
): void {
  for (const [k, range] of box.entries()) {
    const [a, b] = [first[k] ?? 0, second[k] ?? 0];
    if (random.uniform() >= PER_VARIABLE || Math.abs(a - b) <= LEAST_DISTANCE) continue;
    const children = crossed(Math.min(a, b), Math.max(a, b), range, index, random.uniform());
    const swap = random.uniform() < PER_VARIABLE;
    first[k] = children[swap ? 1 : 0];
    second[k] = children[swap ? 0 : 1];
  }
}

/** Children of one variable with parents low < high, for a uniform u. */
export function crossed(low: number, high: number, { min, max }: Range, index: number, u: number): [number, number] {
  const distance = high - low;
  const spread = (room: number) => {
    const alpha = 2 - (1 + (2 * room) / distance) ** -(index + 1);
    return (u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha)) ** (1 / (index + 1));
  };
  const middle = low + high;
  return [
    clip((middle - spread(low - min) * distance) / 2, min, max),
    clip((middle + spread(max - high) * distance) / 2, min, max),
  ];
}

/** Polynomial mutation in place (Deb & Goyal 1996, bounded). */
function mutate(x: Float64Array, box: readonly Range[], index: number, chance: number, random: Random): void {
  for (const [k, range] of box.entries()) {
    if (random.uniform() < chance) x[k] = mutated(x[k] ?? 0, range, index, random.uniform());
  }
}

/** One variable moved, for a uniform r: ½ leaves it, 0 and 1 send it to the ends of its range. */
export function mutated(x: number, { min, max }: Range, index: number, r: number): number {
  const width = max - min;
  if (width <= 0) return x;
  const power = index + 1;
  const shift =
    r < 0.5
      ? (2 * r + (1 - 2 * r) * (1 - (x - min) / width) ** power) ** (1 / power) - 1
      : 1 - (2 * (1 - r) + 2 * (r - 0.5) * (1 - (max - x) / width) ** power) ** (1 / power);
  return clip(x + shift * width, min, max);
}

function clip(x: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, x));
}
