/**
 * Sobol' points: a sequence that fills a cube evenly at every length. Scrambled by a digital shift (each coordinate's bits
 * are XORed with a random word), which keeps the evenness and lets a seed choose among equally good sets.
 */
import { streamKey, uniformAt } from './counter.ts';

/**
 * Primitive polynomials and initial direction numbers of Joe & Kuo (2008), "Constructing Sobol sequences with better
 * two-dimensional projections", dimensions 2 to 21: degree, inner coefficients as bits, m₁ … m_degree. Dimension 1 is the van der
 * Corput sequence.
 */
const DIRECTIONS: readonly (readonly [degree: number, inner: number, initial: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
];

export const MAX_DIMENSIONS = DIRECTIONS.length + 1;
const BITS = 32;

/** v₁ … v₃₂ of one dimension: direction numbers as binary fractions of 32 bits. */
function directionNumbers(dimension: number): Uint32Array {
  const [degree, inner, initial] = DIRECTIONS[dimension - 1] ?? [0, 0, []];
  const v = new Uint32Array(BITS);
  const at = (i: number) => v[i] ?? 0;
  for (let i = 0; i < BITS; i++) {
    if (degree === 0) v[i] = 1 << (BITS - 1 - i);
    else if (i < degree) v[i] = (initial[i] ?? 0) << (BITS - 1 - i);
    else {
      let word = at(i - degree) ^ (at(i - degree) >>> degree);
      for (let k = 1; k < degree; k++) if ((inner >>> (degree - 1 - k)) & 1) word ^= at(i - k);
      v[i] = word;
    }
  }
  return v;
}

/**
 * Points `from` … `from + count − 1` of the sequence, row by row: [count × dimensions], each in [0, 1).
 * @param seed of the digital shift; without one the sequence is the plain one, which starts with a row of zeros
 * @throws RangeError beyond 21 dimensions
 */
export function sobol(dimensions: number, count: number, seed?: number, from = 0): Float64Array {
  if (dimensions > MAX_DIMENSIONS) {
    throw new RangeError(`Sobol points: got ${dimensions} dimensions, wanted at most ${MAX_DIMENSIONS}`);
  }
  const points = new Float64Array(count * dimensions);
  const key = seed === undefined ? undefined : streamKey(seed, 'sobol');
  for (let d = 0; d < dimensions; d++) {
    const v = directionNumbers(d);
    // 24 random bits at the top; below them the shift changes nothing that a point set of any practical size can show.
    let word = key === undefined ? 0 : Math.floor(uniformAt(key, d) * 2 ** 24) << 8;
    // Gray code: consecutive points differ by one direction number, that of the lowest zero bit of the earlier index.
    const gray = from ^ (from >>> 1);
    for (let bit = 0; bit < BITS; bit++) if ((gray >>> bit) & 1) word ^= v[bit] ?? 0;
    for (let i = 0; i < count; i++) {
      points[i * dimensions + d] = (word >>> 0) / 2 ** BITS;
      word ^= v[31 - Math.clz32(~(from + i) & (from + i + 1))] ?? 0;
    }
  }
  return points;
}
