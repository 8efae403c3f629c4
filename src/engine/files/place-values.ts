/** The values that a place of a job stands for, checked. */
import type { Place } from '../../formats/checkpoint/job.ts';
import { isFloat } from '../../formats/safetensors/dtype.ts';
import { StudioError } from '../fault.ts';
import type { Checkpoint, TensorPart } from './checkpoint.ts';
import { countOf, readValues } from './read-part.ts';

export type Checkpoints = ReadonlyMap<string, Checkpoint>;

/** @throws StudioError when the model or its tensor is not there */
export function partAt({ model, tensor }: Place, checkpoints: Checkpoints): TensorPart {
  const checkpoint = checkpoints.get(model);
  if (!checkpoint) throw new StudioError('files', `The model “${model}” is not open.`);
  const part = checkpoint.parts.get(tensor);
  if (!part) throw new StudioError('files', `${checkpoint.outline.name}: has no tensor ${tensor}.`);
  return part;
}

/**
 * @param hasBase whether rows that the tensor lacks can be taken from one
 * @throws StudioError when the tensor cannot stand where the job puts it
 */
export function checkPlace(place: Place, part: TensorPart, shape: readonly number[], hasBase: boolean): void {
  const where = `${fileOf(part)}: ${place.tensor}`;
  const columns = place.rows ? sameSides(part.shape.slice(1), shape.slice(1)) : sameSides(part.shape, shape);
  if (!columns || part.shape.length !== shape.length)
    throw new StudioError('files', `${where}: its shape is [${part.shape}], wanted [${shape}].`);
  if (!hasBase && (part.shape[0] ?? 0) < (shape[0] ?? 0))
    throw new StudioError(
      'files',
      `${where}: has ${part.shape[0]} rows of ${shape[0]}, and there is no base to take the others from.`,
    );
  if (!isFloat(part.dtype))
    throw new StudioError('files', `${where}: holds ${part.dtype}; only floating-point weights can be merged.`);
}

const sameSides = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((side, i) => side === b[i]);

export const fileOf = (part: TensorPart): string => (part.kind === 'stored' ? part.source.path : fileOf(part.on));

/**
 * Values [from, to) of the output's shape, as far as the tensor has them: rows that it lacks are the last ones.
 * @throws StudioError naming the first value that is not finite
 */
export async function valuesAt(
  place: Place,
  part: TensorPart,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Float32Array> {
  const there = countOf(part);
  const values = await readValues(part, Math.min(from, there), Math.min(to, there));
  const bad = firstNotFinite(values);
  if (bad !== undefined)
    throw new StudioError(
      'files',
      `${fileOf(part)}: ${place.tensor}: value ${from + bad} is ${values[bad]}, wanted a finite number.`,
      'Leave that model out, or repair its file.',
    );
  return values;
}

/**
 * The base's values, and in rows that it lacks the mean of the experts that have them, as mergekit makes them of tokens that the
 * base does not know: where one expert has a row, it is that expert's, and no coefficient scales it.
 */
export function wholeBase(base: Float32Array, experts: readonly Float32Array[], length: number): Float32Array {
  if (base.length === length) return base;
  const whole = new Float32Array(length);
  whole.set(base);
  for (let i = base.length; i < length; i++) {
    let sum = 0;
    let holders = 0;
    for (const expert of experts) {
      if (i >= expert.length) continue;
      sum += expert[i] as number;
      holders++;
    }
    whole[i] = holders > 0 ? sum / holders : 0;
  }
  return whole;
}

/** An expert's values, and the base's in rows that it lacks: its change is 0 there. */
export function wholeExpert(expert: Float32Array, base: Float32Array): Float32Array {
  if (expert.length === base.length) return expert;
  const whole = base.slice();
  whole.set(expert);
  return whole;
}

export function firstNotFinite(values: Float32Array): number | undefined {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // 0 for every number, NaN for the others.
    if (value - value !== 0) return i;
  }
  return undefined;
}
