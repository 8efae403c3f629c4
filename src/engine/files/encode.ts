/** Merged values as bytes of the output, with a count of what does not fit. */
import type { WeightDtype } from '../../formats/safetensors/dtype.ts';
import { fromFloat32 } from '../../formats/safetensors/values.ts';
import { StudioError } from '../fault.ts';
import { firstNotFinite } from './place-values.ts';

/** From here on the nearest value of the type is infinite: halfway between its largest number and the next power of two. */
const FIRST_INFINITE: Readonly<Record<WeightDtype, number>> = {
  F16: 65520,
  BF16: (2 - 2 ** -8) * 2 ** 127,
  F32: Number.POSITIVE_INFINITY,
};

export interface Encoded {
  readonly bytes: Uint8Array;
  /** Values that became infinite. */
  readonly overflows: number;
}

export function encode(values: Float32Array, dtype: WeightDtype): Encoded {
  const first = FIRST_INFINITE[dtype];
  let overflows = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i] as number);
    if (magnitude >= first && magnitude !== Number.POSITIVE_INFINITY) overflows++;
  }
  return { bytes: fromFloat32(values, dtype), overflows };
}

/**
 * @param from index of the first value in its tensor
 * @throws StudioError naming the first value that is not finite
 */
export function checkMerged(values: Float32Array, tensor: string, from: number): void {
  const bad = firstNotFinite(values);
  if (bad !== undefined)
    throw new StudioError(
      'recipe',
      `The merged ${tensor}: value ${from + bad} is ${values[bad]}, wanted a finite number.`,
    );
}
