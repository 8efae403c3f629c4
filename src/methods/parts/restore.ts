/** Enlarging what trimming left of a task vector to the size that it had. */
import type { PlacedParameter } from '../define.ts';

/** A norm that is restored in each tensor by itself, as mergekit does; 'none' leaves the survivors as they are. */
export type Norm = 'none' | 'l1' | 'l2' | 'linf';

/** Below this a tensor's norm counts as zero and nothing is rescaled (mergekit's bound). */
const SMALLEST_NORM = 1e-7;

/** @param survivors of `values`, changed in place */
export function restoreNorm(
  survivors: Float32Array,
  values: Float32Array,
  norm: Norm,
  tensors: readonly Pick<PlacedParameter, 'start' | 'length'>[],
): void {
  if (norm === 'none') return;
  for (const { start, length } of tensors) {
    const before = size(values, norm, start, start + length);
    const after = size(survivors, norm, start, start + length);
    if (before < SMALLEST_NORM || after < SMALLEST_NORM) continue;
    const scale = before / after;
    for (let i = start; i < start + length; i++) survivors[i] = (survivors[i] as number) * scale;
  }
}

function size(values: Float32Array, norm: Exclude<Norm, 'none'>, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (norm === 'l2') total += value * value;
    else if (norm === 'l1') total += Math.abs(value);
    else total = Math.max(total, Math.abs(value));
  }
  return norm === 'l2' ? Math.sqrt(total) : total;
}
