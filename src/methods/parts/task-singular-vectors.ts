/** Task singular vectors (Gargiulo et al. 2025): several experts' strongest directions of one matrix beside each other. */
import { gram, matmul } from '../../core/linalg/matrix.ts';
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
  const left = overlap(stackBases(kept.map((svd) => svd.left)), count, rows);
  const right = overlap(stackBases(kept.map((svd) => svd.right)), count, cols);
  const weighted = right.map((value, i) => value * (values[Math.floor(i / count)] as number));
  return matmul(left, weighted, count, count, count).reduce((sum, value) => sum + Math.abs(value), 0);
}

/** Products of unit rows with each other, without those with themselves. */
function overlap(bases: Float64Array, count: number, length: number): Float64Array {
  const product = gram(bases, count, length);
  for (let i = 0; i < count; i++) product[i * (count + 1)] = (product[i * (count + 1)] as number) - 1;
  return product;
}
