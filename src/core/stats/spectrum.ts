/** Singular values of a matrix, and how many directions it really has. */
import { thinSvd } from '../linalg/svd.ts';

export interface Spectrum {
  /** σ₁ ≥ σ₂ ≥ … ≥ 0, all min(rows, cols) of them. */
  readonly values: Float64Array;
  /** ‖X‖_F²/σ₁²: 1 for one direction, never more than the rank. 0 of nothing. */
  readonly stableRank: number;
  /** exp of the entropy of σ/Σσ (Roy & Vetterli 2007). 0 of nothing. */
  readonly effectiveRank: number;
}

/** @param x [rows, cols], row-major; only read */
export function spectrumOf(x: ArrayLike<number>, rows: number, cols: number): Spectrum {
  const { values } = thinSvd(x, rows, cols);
  const first = values[0] ?? 0;
  if (first === 0) return { values, stableRank: 0, effectiveRank: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + (value / first) ** 2, 0);
  const entropy = values.reduce(
    (total, value) => (value > 0 ? total - (value / sum) * Math.log(value / sum) : total),
    0,
  );
  return { values, stableRank: squares, effectiveRank: Math.exp(entropy) };
}
