/** Coefficients λ ∈ [0, 1] by tensor and task, Λ [tensors, tasks], or by task alone, λ [tasks], as one flat state. */
import type { PlacedParameter } from '../define.ts';

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** Λ as used, one row of T per tensor: clamped to 0…1, and repeated when there is one λ per task. */
export function coefficientsOf(state: Float64Array, tensors: number, tasks: number): number[][] {
  return Array.from({ length: tensors }, (_, l) =>
    Array.from({ length: tasks }, (_, t) => clamp(state[(state.length === tasks ? 0 : l * tasks) + t] as number)),
  );
}

/** Sums the gradient over tensors when one λ serves them all; it is zero where the clamp holds the coefficient. */
export function foldAndClamp(perTensor: Float64Array, state: Float64Array): Float64Array {
  const gradient = new Float64Array(state.length);
  for (let i = 0; i < perTensor.length; i++) {
    const at = i % state.length;
    gradient[at] = (gradient[at] as number) + (perTensor[i] as number);
  }
  return gradient.map((value, i) => (state[i] === clamp(state[i] as number) ? value : 0));
}

/** One coefficient per task: the mean over tensors, each counted by its number of weights. */
export function summarise(state: Float64Array, tensors: readonly PlacedParameter[], tasks: number): number[] {
  const total = tensors.reduce((sum, { length }) => sum + length, 0);
  const rows = coefficientsOf(state, tensors.length, tasks);
  return Array.from({ length: tasks }, (_, t) =>
    tensors.reduce((sum, { length }, l) => sum + (length / total) * ((rows[l] as number[])[t] as number), 0),
  );
}
