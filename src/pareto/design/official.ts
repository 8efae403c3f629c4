/**
 * The design of MAP's published code (Li et al. 2024, arXiv 2406.07529), to compare with: lone experts, points along the
 * diagonal, disturbed lone experts, and a random part of a regular grid on [0, 1]ᴺ. With eight experts and its default of 90
 * points the grid has two levels, c² = c on all of it, and the quadratic is not determined (rank 37 of 45).
 */
import { type Random, randomStream } from '../../core/random/counter.ts';

export interface OfficialDesign {
  /** N to (N+1)(N+2) by default of the published code; what comes back may be fewer, see `officialDesign`. */
  readonly total: number;
  /** Share of points along the diagonal; 0 for plain MAP, 0.2 for nested MAP. */
  readonly isotropic: number;
  /** Share of disturbed lone experts; 0 as published. */
  readonly oneHot: number;
}

/** Points and shares of one node of nested MAP; 19 points come back. */
export const NESTED_DESIGN: OfficialDesign = { total: 20, isotropic: 0.2, oneHot: 0 };
const NOISE = 0.1;
/** Grid points asked for are at most this share of the grid. */
const GRID_SHARE = 0.5;
/** Beyond it (N above 20) the published code would not end either. */
const LARGEST_GRID = 2 ** 20;

/** Plain MAP's design of 2p points. */
export function plainDesign(coefficients: number): OfficialDesign {
  return { total: (coefficients + 1) * (coefficients + 2), isotropic: 0, oneHot: 0 };
}

/**
 * The design in the unit cube, seeded. Points get lost as they do in the published code, and are not made up for: halving an odd
 * isotropic or one-hot part drops its last point (20 asked for, 19 come back at N = 2), and a grid that has too few points left
 * after its exclusions gives what it has (the published code raises there).
 * @throws RangeError when fewer points than experts are asked for, or the grid has more than 2²⁰ points
 */
export function officialDesign(coefficients: number, options: OfficialDesign, seed: number): number[][] {
  const { total, isotropic, oneHot } = options;
  const rest = total - coefficients;
  if (!(rest >= 0))
    throw new RangeError(`${total} points are asked for; wanted at least one for each of ${coefficients}`);
  const random = randomStream(seed, 'official design');
  const isotropicCount = Math.floor(isotropic * rest);
  const oneHotCount = Math.floor(oneHot * rest);
  const diagonal = Array.from({ length: Math.floor(isotropicCount / 2) }, () => {
    const u = random.uniform();
    return Array.from({ length: coefficients }, () => u);
  });
  const besideDiagonal = diagonal.map(() => {
    const u = random.uniform();
    return Array.from({ length: coefficients }, () => disturbed(u, random));
  });
  const disturbedHot = Array.from({ length: Math.floor(oneHotCount / 2) }, () => {
    const hot = random.integer(coefficients);
    return Array.from({ length: coefficients }, (_, i) => disturbed(i === hot ? 1 : 0, random));
  });
  const grid = gridPart(coefficients, rest - isotropicCount - oneHotCount, random);
  return [...loneExperts(coefficients), ...diagonal, ...besideDiagonal, ...disturbedHot, ...grid];
}

function loneExperts(coefficients: number): number[][] {
  return Array.from({ length: coefficients }, (_, i) =>
    Array.from({ length: coefficients }, (_, j) => (i === j ? 1 : 0)),
  );
}

function disturbed(value: number, random: Random): number {
  return Math.min(1, Math.max(0, value + NOISE * random.normal()));
}

/**
 * A random subset of the grid of ⌈(count/½)^(1/N)⌉ levels per axis without its diagonal and without points whose coordinates sum
 * to 1, lone experts among them. Compared as integers: the published code compares sums of rounded floats.
 */
function gridPart(coefficients: number, count: number, random: Random): number[][] {
  if (count === 0 || coefficients === 0) return [];
  const levels = levelsFor(count / GRID_SHARE, coefficients);
  const size = levels ** coefficients;
  if (size > LARGEST_GRID) throw new RangeError(`the grid has ${size} points; wanted at most ${LARGEST_GRID}`);
  const kept: number[][] = [];
  for (let index = 0; index < size; index++) {
    const digits = Array.from({ length: coefficients }, (_, i) => Math.floor(index / levels ** i) % levels);
    const sum = digits.reduce((total, digit) => total + digit, 0);
    const isDiagonal = digits.every((digit) => digit === digits[0]);
    if (sum !== levels - 1 && !isDiagonal) kept.push(digits.map((digit) => digit / (levels - 1)));
  }
  return random.shuffle(kept).slice(0, count);
}

/** The least g with gᴺ ≥ size: the root's ceiling, without its rounding (27^(1/3) is 3.0000000000000004 in some engines). */
function levelsFor(size: number, coefficients: number): number {
  let levels = Math.floor(size ** (1 / coefficients));
  while (levels ** coefficients < size) levels++;
  return levels;
}
