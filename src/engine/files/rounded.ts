/** Models in the type that a configuration computes in: where they hold more, mergekit rounds them before it merges. */
import { isFloat, type WeightDtype } from '../../formats/safetensors/dtype.ts';
import { fromFloat32, toFloat32 } from '../../formats/safetensors/values.ts';
import { StudioError } from '../fault.ts';
import type { Checkpoint, RoundedPart, TensorPart } from './checkpoint.ts';

/**
 * Values as they are after rounding to nearest even.
 * @param from place of the first one in its tensor
 * @throws StudioError where one is too large for the type
 */
export function roundedValues({ to, shape }: RoundedPart, values: Float32Array, from: number): Float32Array {
  const rounded = toFloat32({ dtype: to, shape: [values.length], bytes: fromFloat32(values, to) });
  for (const [i, value] of rounded.entries())
    if (Math.abs(value) === Number.POSITIVE_INFINITY && Number.isFinite(values[i]))
      throw new StudioError(
        'files',
        `Value ${from + i} of a tensor [${shape}] is ${values[i]}, too large for ${to}, which the configuration computes in.`,
        'Write “dtype: float32” and, for a small output, “out_dtype” with the type that it shall have.',
      );
  return rounded;
}

/** @param to undefined where nothing is rounded */
export function roundedTo(model: Checkpoint, to: WeightDtype | undefined): Checkpoint {
  if (to === undefined || to === 'F32') return model;
  const parts = new Map(Array.from(model.parts, ([name, part]) => [name, roundedPart(part, to)]));
  return { ...model, parts };
}

/** Tensors of the type itself are read as ever. */
function roundedPart(part: TensorPart, to: WeightDtype): TensorPart {
  if (part.kind === 'stored' && (part.dtype === to || !isFloat(part.dtype))) return part;
  if (part.kind === 'gathered' || part.kind === 'rounded') return part;
  return { kind: 'rounded', dtype: 'F32', shape: part.shape, on: part, to };
}
