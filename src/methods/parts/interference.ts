/**
 * The interference of a merged matrix θ with each expert's own inputs, after WUDI (Cheng et al. 2025):
 * L(θ) = Σᵢ ‖(θ − Tᵢ) Sᵢᵀ‖² / ‖Δᵢ‖², with Tᵢ what expert i wants and the rows of Sᵢ the inputs where it matters. With
 * Bᵢ = SᵢᵀSᵢ/‖Δᵢ‖² and C = ΣBᵢ its gradient is 2(θC − ΣTᵢBᵢ): all of L is in the eigenvectors of C and what Δᵢ and TᵢBᵢ are in them.
 */
import * as tf from '@tensorflow/tfjs-core';
import { eigh } from '../../core/linalg/eigh.ts';
import { addScaled, dot, matmul, transposed } from '../../core/linalg/matrix.ts';
import { descend } from './adam.ts';
import type { Stack } from './stack.ts';

/** One expert's part in L. */
export interface Claim {
  /** Δᵢ [rows, cols]: where the descent starts, and by whose size the claim is weighed. */
  readonly change: ArrayLike<number>;
  /** Tᵢ [rows, cols]. */
  readonly target: ArrayLike<number>;
  /** Sᵢ [any, cols]. */
  readonly inputs: ArrayLike<number>;
}

/** L around the sum of all changes: ∇L(ΣΔᵢ + x)/2 = xC + R. */
export interface Quadratic {
  readonly rows: number;
  readonly cols: number;
  /** ΣΔᵢ [rows, cols]. */
  readonly start: Float64Array;
  /** C [cols, cols]. */
  readonly curvature: Float64Array;
  /** R = Σ(ΣΔⱼ − Tᵢ)Bᵢ [rows, cols]: exactly zero where a single expert already has what it wants. */
  readonly residual: Float64Array;
}

const squaredNorm = (values: Float64Array) => dot(values, 0, values, 0, values.length);

/** 1/‖Δᵢ‖²; an expert that changed nothing claims nothing. */
function weightOf({ change }: Claim): number {
  const square = squaredNorm(Float64Array.from(change));
  return square > 0 ? 1 / square : 0;
}

/** TᵢBᵢ: with few inputs TᵢSᵢᵀ is small, so that comes first. */
function pullOf(target: Float64Array, inputs: Float64Array, weight: number, rows: number, cols: number): Float64Array {
  const count = inputs.length / cols;
  const overlap = matmul(target, transposed(inputs, count, cols), rows, cols, count);
  return matmul(overlap, inputs, rows, count, cols).map((value) => weight * value);
}

/** L as a quadratic form, for those who descend on it. */
export function quadraticOf(claims: readonly Claim[], rows: number, cols: number): Quadratic {
  const start = new Float64Array(rows * cols);
  for (const { change } of claims) addScaled(start, 0, 1, Float64Array.from(change), 0, start.length);
  const residual = new Float64Array(rows * cols);
  for (const claim of claims) {
    const excess = start.map((value, i) => value - (claim.target[i] as number));
    const own = pullOf(excess, Float64Array.from(claim.inputs), weightOf(claim), rows, cols);
    addScaled(residual, 0, 1, own, 0, own.length);
  }
  return { rows, cols, start, curvature: curvatureOf(claims, cols), residual };
}

function gradientAt({ rows, cols, curvature, residual }: Quadratic, moved: Float64Array): Float64Array {
  const product = matmul(moved, curvature, rows, cols, cols);
  for (let i = 0; i < product.length; i++) product[i] = 2 * ((product[i] as number) + (residual[i] as number));
  return product;
}

/** The paper's step and what Adam adds to its divisor are 10⁻⁵ and 10⁻⁸: steps in units of the changes keep their ratio. */
const EPSILON_PER_STEP = 1e-3;

/**
 * Minimises L from ΣΔᵢ with a fixed number of steps of Adam.
 * @param rate step size in the unit of the weights
 */
export async function minimised(
  quadratic: Quadratic,
  { steps, rate }: { readonly steps: number; readonly rate: number },
  breathe: () => Promise<void>,
): Promise<Float32Array> {
  const moved = await descend({
    initial: new Float64Array(quadratic.start.length),
    steps,
    rate,
    epsilon: EPSILON_PER_STEP * rate,
    gradient: (state) => gradientAt(quadratic, state),
    breathe,
  });
  return Float32Array.from(quadratic.start, (value, i) => value + (moved[i] as number));
}

/** C = V diag(λ) Vᵀ, and every expert's matrices in that basis; float32 where there is much of it. */
export interface Interference {
  readonly rows: number;
  readonly cols: number;
  readonly experts: number;
  /** λ, largest first. */
  readonly eigenvalues: Float64Array;
  /** Row j is v_j, [cols, cols]. */
  readonly vectors: Float32Array;
  /** ΔᵢV, one expert after the other, [experts · rows, cols]. */
  readonly starts: Float32Array;
  /** TᵢBᵢV, likewise. */
  readonly pulls: Float32Array;
}

export function interferenceOf(claims: readonly Claim[], rows: number, cols: number): Interference {
  const experts = claims.length;
  const { values, vectors } = eigh(curvatureOf(claims, cols), cols);
  const basis = transposed(vectors, cols, cols);
  const turned = (x: ArrayLike<number>) => matmul(Float64Array.from(x), basis, x.length / cols, cols, cols);
  const starts = new Float32Array(experts * rows * cols);
  const pulls = new Float32Array(experts * rows * cols);
  for (const [i, claim] of claims.entries()) {
    const start = turned(claim.change);
    const inputs = claim.inputs === claim.change ? start : turned(claim.inputs);
    const target = claim.target === claim.change ? start : turned(claim.target);
    starts.set(start, i * rows * cols);
    pulls.set(pullOf(target, inputs, weightOf(claim), rows, cols), i * rows * cols);
  }
  return { rows, cols, experts, eigenvalues: values, vectors: Float32Array.from(vectors), starts, pulls };
}

/** C alone. */
function curvatureOf(claims: readonly Claim[], cols: number): Float64Array {
  const sum = new Float64Array(cols * cols);
  for (const claim of claims) {
    const weight = weightOf(claim);
    const count = claim.inputs.length / cols;
    const columns = transposed(claim.inputs, count, cols);
    for (let i = 0; i < cols; i++) {
      for (let j = 0; j <= i; j++) {
        sum[i * cols + j] = (sum[i * cols + j] as number) + weight * dot(columns, i * count, columns, j * count, count);
      }
    }
  }
  for (let i = 0; i < cols; i++) for (let j = 0; j < i; j++) sum[j * cols + i] = sum[i * cols + j] as number;
  return sum;
}

/** Eigenvalues of C below this part of the largest are rounding: no expert has inputs there. */
const NULL = 1e-12;

/** How far each direction has come from the start (0) to the minimum of L (1), for the eigenvalues λ, largest first. */
export type Filter = (eigenvalues: Float64Array) => Float64Array;

/** Gradient flow stopped at time t: f = 1 − e^(−λt). */
export const flowUntil =
  (time: number): Filter =>
  (eigenvalues) =>
    eigenvalues.map((value) => -Math.expm1(-value * time));

/**
 * The experts' parts of θ = Σᵢ [a·Δᵢ (I − V diag(f) Vᵀ) + TᵢBᵢ V diag(f/λ) Vᵀ] as rows on the base: since C depends on no
 * expert's scale, Σ cᵢ · row i is what the descent gives for targets and starts that are scaled by cᵢ.
 * @param base [rows, cols]
 * @param start a: 1 where the descent starts from ΣΔᵢ
 */
export function settled(interference: Interference, base: tf.Tensor, filter: Filter, start = 1): Stack {
  const { rows, cols, experts, eigenvalues, vectors, starts, pulls } = interference;
  const floor = NULL * (eigenvalues[0] ?? 0);
  const reached = filter(eigenvalues).map((value, j) => ((eigenvalues[j] as number) > floor ? value : 0));
  const stay = reached.map((value) => start * (1 - value));
  const go = reached.map((value, j) => (value === 0 ? 0 : value / (eigenvalues[j] as number)));
  const mixed = new Float32Array(starts.length);
  for (let at = 0; at < mixed.length; at += cols) {
    for (let j = 0; j < cols; j++) {
      const kept = (starts[at + j] as number) * (stay[j] as number);
      mixed[at + j] = kept + (pulls[at + j] as number) * (go[j] as number);
    }
  }
  const stacked = tf.tidy(() => {
    const turnedBack = tf.matMul(tf.tensor2d(mixed, [experts * rows, cols]), tf.tensor2d(vectors, [cols, cols]));
    return tf.concat2d(
      [tf.reshape(base, [1, rows * cols]), tf.reshape(turnedBack, [experts, rows * cols])] as tf.Tensor2D[],
      0,
    );
  });
  return { kind: 'stack', shape: base.shape, rows: stacked };
}
