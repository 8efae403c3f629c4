/** Leverages of all rows of a regression at once: the larger part of a refit, because every point asks for a triangular solve. */
import { type Row, squaredLength } from './regression.ts';

/** Rows that are solved for together: with two rows of L, eight sums that do not wait for each other. */
const TOGETHER = 4;

/**
 * Share of each row in its own fit: h = w·φᵀ(LLᵀ)⁻¹φ = w‖L⁻¹φ‖², between 0 and 1.
 * @param factor lower Cholesky factor L of the penalised normal matrix, [p × p]
 * @returns one leverage per row, in their order
 */
export function leverages(factor: Float64Array, rows: readonly Row[]): Float64Array {
  const [first] = rows;
  if (!first) return new Float64Array(0);
  const out = new Float64Array(rows.length);
  const p = first.phi.length;
  const y = [new Float64Array(p), new Float64Array(p), new Float64Array(p), new Float64Array(p)] as const;
  for (let start = 0; start < rows.length; start += TOGETHER) {
    const row = (i: number) => rows[start + i] ?? first;
    solveFour(factor, [row(0).phi, row(1).phi, row(2).phi, row(3).phi], y);
    for (const [i, solved] of y.entries()) {
      if (start + i < rows.length) out[start + i] = row(i).weight * squaredLength(solved);
    }
  }
  return out;
}

type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/**
 * L⁻¹φ of four φ by forward substitution, two rows of L at a time. Every index is in range by construction; `as number` only
 * says so to the compiler.
 * @param y receives the four results
 */
function solveFour(factor: Float64Array, [phi0, phi1, phi2, phi3]: Four, [y0, y1, y2, y3]: Four): void {
  const p = phi0.length;
  for (let i = 0; i < p; i += 2) {
    // The last row of an odd number is its own neighbour, and what comes of the neighbour is not used.
    const j = Math.min(i + 1, p - 1);
    const row = i * p;
    const next = j * p;
    let a0 = phi0[i] as number;
    let a1 = phi1[i] as number;
    let a2 = phi2[i] as number;
    let a3 = phi3[i] as number;
    let b0 = phi0[j] as number;
    let b1 = phi1[j] as number;
    let b2 = phi2[j] as number;
    let b3 = phi3[j] as number;
    for (let k = 0; k < i; k++) {
      const a = factor[row + k] as number;
      const b = factor[next + k] as number;
      const x0 = y0[k] as number;
      const x1 = y1[k] as number;
      const x2 = y2[k] as number;
      const x3 = y3[k] as number;
      a0 -= a * x0;
      a1 -= a * x1;
      a2 -= a * x2;
      a3 -= a * x3;
      b0 -= b * x0;
      b1 -= b * x1;
      b2 -= b * x2;
      b3 -= b * x3;
    }
    const pivot = factor[row + i] as number;
    y0[i] = a0 /= pivot;
    y1[i] = a1 /= pivot;
    y2[i] = a2 /= pivot;
    y3[i] = a3 /= pivot;
    if (j === i) break;
    const link = factor[next + i] as number;
    const last = factor[next + j] as number;
    y0[j] = (b0 - link * a0) / last;
    y1[j] = (b1 - link * a1) / last;
    y2[j] = (b2 - link * a2) / last;
    y3[j] = (b3 - link * a3) / last;
  }
}
