/**
 * Random orthogonal contexts: a matrix Δ is stored as Δ·M, of which only a seed is kept, and many of them in one sum
 * (RanDeS, Zhou et al. 2025). M is a diagonal of random signs or a random rotation; M Mᵀ = I.
 */
import { randomStream, streamKey, uniformAt } from '../../core/random/counter.ts';

export type ContextKind = 'identity' | 'signs' | 'rotation';

/** What makes an expert's context of one matrix again. */
export interface ContextSeed {
  readonly seed: number;
  readonly expert: number;
  /** Index in the network of the matrix's first weight: contexts differ between matrices. */
  readonly start: number;
}

/** M, [cols, cols], row-major, or its diagonal, [cols]; undefined for the identity. */
export function contextMatrix(kind: ContextKind, key: ContextSeed, cols: number): Float64Array | undefined {
  switch (kind) {
    case 'identity':
      return undefined;
    case 'signs': {
      const stream = streamKey(key.seed, `context/${key.expert}`);
      return Float64Array.from({ length: cols }, (_, c) => (uniformAt(stream, key.start + c) < 0.5 ? -1 : 1));
    }
    case 'rotation':
      return rotation(key, cols);
  }
}

/** Rows of normal numbers made orthonormal, twice for the sake of rounding: uniformly distributed (Stewart 1980). */
function rotation({ seed, expert, start }: ContextSeed, size: number): Float64Array {
  const random = randomStream(seed, `context/${expert}/${start}`);
  const rows = Float64Array.from({ length: size * size }, () => random.normal());
  const row = (i: number) => rows.subarray(i * size, (i + 1) * size);
  for (let i = 0; i < size; i++) {
    const own = row(i);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = row(j);
        let along = 0;
        for (let c = 0; c < size; c++) along += (own[c] as number) * (other[c] as number);
        for (let c = 0; c < size; c++) own[c] = (own[c] as number) - along * (other[c] as number);
      }
    }
    const norm = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let c = 0; c < size; c++) own[c] = (own[c] as number) / norm;
  }
  return rows;
}

/**
 * x·M, or x·Mᵀ to undo it.
 * @param x [rows, cols]
 */
export function inContext(
  x: ArrayLike<number>,
  context: Float64Array | undefined,
  cols: number,
  direction: 'into' | 'back',
): Float64Array {
  const source = Float64Array.from(x);
  if (!context) return source;
  if (context.length === cols) return source.map((value, i) => value * (context[i % cols] as number));
  const out = new Float64Array(source.length);
  for (let from = 0; from < source.length; from += cols) {
    for (let c = 0; c < cols; c++) {
      const value = source[from + c] as number;
      // x·M adds rows of M; x·Mᵀ takes products with them.
      if (direction === 'into')
        for (let d = 0; d < cols; d++)
          out[from + d] = (out[from + d] as number) + value * (context[c * cols + d] as number);
      else {
        let sum = 0;
        for (let d = 0; d < cols; d++) sum += (source[from + d] as number) * (context[c * cols + d] as number);
        out[from + c] = sum;
      }
    }
  }
  return out;
}
