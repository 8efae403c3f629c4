/** Superposing features: one matrix that maps every expert's input features to that expert's output features (STF, 2025). */
import { gram, matmul, transposed } from '../../core/linalg/matrix.ts';
import { RCOND } from '../../core/linalg/polar.ts';
import { solveSemidefinite } from '../../core/linalg/semidefinite.ts';
import type { Svd } from '../../core/linalg/svd.ts';

/** Unknowns of one linear system; more would take minutes and gigabytes. */
const MAX_UNKNOWNS = 1500;

/** The part q of the directions above rounding noise, at least one, and no more than fit into one system. */
function rankOf({ values }: Svd, q: number, experts: number): number {
  const floor = RCOND * (values[0] ?? 0);
  const real = values.filter((value) => value > floor).length;
  const room = Math.max(1, Math.floor(MAX_UNKNOWNS / experts));
  // 3 · (1/3) must be 1, whichever way its last bit was rounded.
  return Math.min(room, real, Math.max(1, Math.floor(real * q * (1 + 4 * Number.EPSILON))));
}

/**
 * M = Σ_t M_t, M_t = Σ_r c_tr u_tr v_trᵀ, such that u_trᵀ M v_tr = σ_tr for all kept directions: G c = σ with
 * G = (UᵀU) ⊙ (VᵀV).
 * @param svds of every expert's change, [rows, cols]
 * @param q part of each expert's directions that is kept
 * @returns M_t by expert, [rows, cols]
 */
export function superposed(svds: readonly Svd[], rows: number, cols: number, q: number): readonly Float64Array[] {
  const ranks = svds.map((svd) => rankOf(svd, q, svds.length));
  const left = joined(svds.map((svd, t) => svd.left.subarray(0, (ranks[t] as number) * rows)));
  const right = joined(svds.map((svd, t) => svd.right.subarray(0, (ranks[t] as number) * cols)));
  const sigma = joined(svds.map((svd, t) => svd.values.subarray(0, ranks[t])));
  const n = sigma.length;
  const between = gram(right, n, cols);
  const system = gram(left, n, rows).map((value, i) => value * (between[i] as number));
  const c = solveSemidefinite(system, n, sigma);
  let from = 0;
  return ranks.map((rank) => {
    const to = from + rank;
    const weighted = right
      .slice(from * cols, to * cols)
      .map((value, i) => value * (c[from + Math.floor(i / cols)] as number));
    const own = matmul(transposed(left.subarray(from * rows, to * rows), rank, rows), weighted, rows, rank, cols);
    from = to;
    return own;
  });
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
