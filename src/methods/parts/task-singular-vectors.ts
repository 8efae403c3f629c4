/** Task singular vectors (Gargiulo et al. 2025): several experts' strongest directions of one matrix beside each other. */
import { gram, matmul, transposed } from '../../core/linalg/matrix.ts';
import type { Svd } from '../../core/linalg/svd.ts';
import { compose, orthogonalised, stackBases } from './factor.ts';

/**
 * Each expert's change in bases that are orthonormal to those of all others: U⊥ₜ Σₜ V⊥ₜᵀ, [rows, cols]. Their sum is TSV-Merge.
 * @param kept of each expert's change, the directions that it may keep
 */
export function inOrthogonalBases(kept: readonly Svd[], rows: number, cols: number): Float64Array[] {
  const left = orthogonalised(stackBases(kept.map((svd) => svd.left)), rows);
  const right = orthogonalised(stackBases(kept.map((svd) => svd.right)), cols);
  let from = 0;
  return kept.map(({ count, values }) => {
    const to = from + count;
    const own = [left.subarray(from * rows, to * rows), right.subarray(from * cols, to * cols)] as const;
    from = to;
    return compose(own[0], values, own[1], rows, cols);
  });
}

/** Singular Task Interference, ‖(UᵀU − I) Σ (VVᵀ − I)‖₁ entrywise, over the kept directions: 0 where no bases overlap. */
export function interference(kept: readonly Svd[], rows: number, cols: number): number {
  const values = stackBases(kept.map((svd) => svd.values));
  const count = values.length;
  const left = stackBases(kept.map((svd) => svd.left));
  const right = stackBases(kept.map((svd) => svd.right));
  // With rows u_i and v_j: u_iᵀ (Σ_k σ_k u_k v_kᵀ) v_j − σ_i v_iᵀ v_j − u_iᵀ u_j σ_j, and σ_i where i = j: never a product of three
  // matrices as large as all directions.
  const weighted = right.map((value, i) => value * (values[Math.floor(i / cols)] as number));
  const whole = matmul(transposed(left, count, rows), weighted, rows, count, cols);
  const seen = matmul(left, whole, count, rows, cols).map((value, i) => value - (weighted[i] as number));
  const first = matmul(seen, transposed(right, count, cols), count, cols, count);
  const own = gram(left, count, rows);
  let sum = 0;
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < count; j++, at++) {
      const both = (own[at] as number) - (i === j ? 1 : 0);
      sum += Math.abs((first[at] as number) - both * (values[j] as number));
    }
  }
  return sum;
}
