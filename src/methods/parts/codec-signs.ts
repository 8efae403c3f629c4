/** A change as one bit per weight and one length: α · sgn Δ (BitDelta, Liu et al. 2024, equation 1). */
import { bitAt, packBits } from './bits.ts';

/** A type rather than an interface, so that it is a `Code` too. */
export type SignCode = {
  /** α = mean |Δ|, which makes ‖Δ − α sgn Δ‖ smallest; one number. */
  readonly scale: Float32Array;
  /** Set where Δ ≥ 0: a change of zero counts as positive. */
  readonly signs: Uint8Array;
};

export function encodeSigns(change: ArrayLike<number>): SignCode {
  const { length } = change;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += Math.abs(change[i] as number);
  const signs = packBits(length, (i) => (change[i] as number) >= 0);
  return { scale: Float32Array.of(length > 0 ? sum / length : 0), signs };
}

/** Adds factor · α · sgn Δ to `out`, from index `start` on. */
export function addSigns({ scale, signs }: SignCode, length: number, factor: number, out: Float32Array, start = 0) {
  const step = factor * (scale[0] as number);
  for (let i = 0; i < length; i++) {
    const at = start + i;
    out[at] = (out[at] as number) + (bitAt(signs, i) ? step : -step);
  }
}
