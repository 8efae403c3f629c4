/**
 * Thin singular value decomposition in float64: eigenvectors of the Gram matrix of the smaller side, then Jacobi rotations
 * that repair what squaring lost. (Alone, the Gram route has singular vectors orthogonal only to ε·σ₁²/(σᵢσⱼ); the rotations,
 * of which few are needed because the rows are nearly orthogonal already, bring that to ε·√n. One-sided Jacobi: Hestenes 1958.)
 */
import { eigh } from './eigh.ts';
import { dot, gram, matmul, rotateRows, transposed } from './matrix.ts';

export interface Svd {
  /** min(rows, cols). */
  readonly count: number;
  /** Row j is the left singular vector u_j, [count, rows]; zero where σ_j is 0. */
  readonly left: Float64Array;
  /** σ₁ ≥ σ₂ ≥ … ≥ 0, [count]. */
  readonly values: Float64Array;
  /** Row j is the right singular vector v_j, [count, cols]; zero where σ_j is 0. */
  readonly right: Float64Array;
}

const MAX_SWEEPS = 12;

/**
 * x = Σ_j σ_j u_j v_jᵀ. Directions with σ_j below ε·max(rows, cols)·σ₁ are rounding noise: their vectors are not orthogonal.
 * @param x [rows, cols], row-major; only read
 * @throws Error when a value is not finite
 */
export function thinSvd(x: ArrayLike<number>, rows: number, cols: number): Svd {
  return strongest(x, rows, cols, Math.min(rows, cols), true);
}

/** Down to this part of σ₁ the Gram matrix alone gives singular vectors that are orthogonal to 2e-8: float32 rounding. */
const SAFE = 1e-4;

/**
 * The strongest directions to float32 precision: without rotations where singular values are not too far apart for that.
 * @param x [rows, cols], row-major; only read
 * @param count of directions wanted, at most min(rows, cols)
 */
export function quickSvd(x: ArrayLike<number>, rows: number, cols: number, count = Math.min(rows, cols)): Svd {
  return strongest(x, rows, cols, count, false);
}

function strongest(x: ArrayLike<number>, rows: number, cols: number, count: number, exact: boolean): Svd {
  if (x.length !== rows * cols) throw new Error(`svd: ${x.length} values are not a ${rows} × ${cols} matrix`);
  if (rows > cols) {
    const { left, values, right } = strongest(transposed(x, rows, cols), cols, rows, count, exact);
    return { count, left: right, values, right: left };
  }
  const wide = x instanceof Float64Array ? x : new Float64Array(x);
  const { values: squares, vectors: left } = eigh(gram(wide, rows, cols), rows);
  const safe = (squares[count - 1] ?? 0) > SAFE * SAFE * (squares[0] ?? 0);
  const used = safe && !exact ? count : rows;
  // Rows of `left` are u_jᵀ; rows of `scaled` are u_jᵀ x = σ_j v_jᵀ.
  const scaled = matmul(left.subarray(0, used * rows), wide, used, rows, cols);
  if (exact || !safe) orthogonaliseRows(scaled, left, rows, cols);
  return sorted(left, scaled, { rows, cols, used, count });
}

/** Rotates pairs of rows of `scaled` until they are orthogonal, and those of `left` with them; the product leftᵀ · scaled stays. */
function orthogonaliseRows(scaled: Float64Array, left: Float64Array, rows: number, cols: number): void {
  const between = (i: number, j: number) => dot(scaled, i * cols, scaled, j * cols, cols);
  const squares = Float64Array.from({ length: rows }, (_, i) => between(i, i));
  const noise = (Number.EPSILON * cols) ** 2 * squares.reduce((a, b) => Math.max(a, b), 0);
  // Rounding of a dot product grows with the root of its length.
  const accepted = 4 * Number.EPSILON * Math.sqrt(cols);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let i = 1; i < rows; i++) {
      for (let j = 0; j < i; j++) {
        const a = squares[j] as number;
        const b = squares[i] as number;
        if (a <= noise || b <= noise) continue;
        const product = between(i, j);
        if (Math.abs(product) <= accepted * Math.sqrt(a * b)) continue;
        rotated = true;
        const { c, s } = annihilate(a, b, product);
        rotateRows(scaled, j, i, cols, c, s);
        rotateRows(left, j, i, rows, c, s);
        squares[j] = between(j, j);
        squares[i] = between(i, i);
      }
    }
    if (!rotated) return;
  }
}

/** Cosine and sine of the smaller angle that makes two vectors with squared lengths a, b and this product orthogonal. */
function annihilate(a: number, b: number, product: number): { c: number; s: number } {
  const zeta = (b - a) / (2 * product);
  const t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const c = 1 / Math.hypot(1, t);
  return { c, s: c * t };
}

interface Sizes {
  readonly rows: number;
  readonly cols: number;
  /** Directions given. */
  readonly used: number;
  /** Directions wanted. */
  readonly count: number;
}

function sorted(left: Float64Array, scaled: Float64Array, { rows, cols, used, count }: Sizes): Svd {
  const length = Float64Array.from({ length: used }, (_, i) =>
    Math.sqrt(dot(scaled, i * cols, scaled, i * cols, cols)),
  );
  const order = Array.from({ length: used }, (_, i) => i).sort((i, j) => (length[j] as number) - (length[i] as number));
  const result = {
    count,
    left: new Float64Array(count * rows),
    values: new Float64Array(count),
    right: new Float64Array(count * cols),
  };
  for (const [target, source] of order.slice(0, count).entries()) {
    const sigma = length[source] as number;
    if (sigma === 0) continue;
    result.values[target] = sigma;
    result.left.set(left.subarray(source * rows, (source + 1) * rows), target * rows);
    for (let k = 0; k < cols; k++) result.right[target * cols + k] = (scaled[source * cols + k] as number) / sigma;
  }
  return result;
}
