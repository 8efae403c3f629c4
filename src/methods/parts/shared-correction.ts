/** The shared correction δ of DOGE (Wei et al. 2025): what every expert's change lacks for the merge to point where each expert does. */
import { matmul, transposed } from '../../core/linalg/matrix.ts';
import { descend } from './adam.ts';

export interface Problem {
  /** Δ_j [rows, cols] each. */
  readonly changes: readonly Float32Array[];
  /** λ_j. */
  readonly scales: readonly number[];
  /** Orthonormal rows that span what the gradient may not touch, [any, rows]. */
  readonly shared: Float64Array;
  readonly rows: number;
  readonly cols: number;
}

/** (I − P) x with P = sharedᵀ · shared. */
export function withoutShared(x: Float64Array, { shared, rows, cols }: Problem): Float64Array {
  const count = shared.length / rows;
  if (count === 0) return x;
  const inside = matmul(shared, x, count, rows, cols);
  const part = matmul(transposed(shared, count, rows), inside, rows, count, cols);
  return x.map((value, i) => value - (part[i] as number));
}

/**
 * L(δ) = Σ_j Σ_rows ⟨Δ_j, Δ_j − Σ_i λ_i (Δ_i + δ)⟩²: how far the merge is from each expert, along that expert's own rows.
 * @returns L and its gradient
 */
export function lossAt({ changes, scales, rows, cols }: Problem, delta: Float64Array) {
  const total = scales.reduce((sum, scale) => sum + scale, 0);
  const merged = delta.map((value) => total * value);
  for (const [i, change] of changes.entries()) addScaled32(merged, 0, scales[i] as number, change, 0, merged.length);
  const gradient = new Float64Array(merged.length);
  let loss = 0;
  for (const change of changes) {
    for (let row = 0; row < rows; row++) {
      const at = row * cols;
      const gap = gapOf(change, merged, at, cols);
      loss += gap * gap;
      addScaled32(gradient, at, -2 * total * gap, change, at, cols);
    }
  }
  return { loss, gradient };
}

/** ⟨Δ, Δ − merged⟩ of one row. */
function gapOf(change: Float32Array, merged: Float64Array, at: number, length: number): number {
  let sum = 0;
  for (let k = at; k < at + length; k++) {
    const own = change[k] as number;
    sum += own * (own - (merged[k] as number));
  }
  return sum;
}

function addScaled32(
  target: Float64Array,
  atTarget: number,
  factor: number,
  source: Float32Array,
  atSource: number,
  length: number,
): void {
  for (let k = 0; k < length; k++) {
    target[atTarget + k] = (target[atTarget + k] as number) + factor * (source[atSource + k] as number);
  }
}

/** What Adam adds to its divisor, in units of the first gradient. */
const EPSILON = 1e-3;

const rms = (x: Float64Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / Math.max(1, x.length));

/** δ after some steps of Adam from 0, each against the gradient without its shared part. */
export async function correction(
  problem: Problem,
  { steps, rate }: { readonly steps: number; readonly rate: number },
  breathe: () => Promise<void>,
): Promise<Float64Array> {
  const initial = new Float64Array(problem.rows * problem.cols);
  const gradient = (delta: Float64Array) => withoutShared(lossAt(problem, delta).gradient, problem);
  const size = steps > 0 ? rms(gradient(initial)) : 0;
  // Nothing to correct: a quotient of two zeros would be no number.
  if (size === 0) return initial;
  return descend({ initial, steps, rate, epsilon: EPSILON * size, gradient, breathe });
}
