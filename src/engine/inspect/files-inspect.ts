/** Dropped models as a source to inspect: tensors are read from their files in parts. */

import type { TensorOutline } from '../../formats/checkpoint/outline.ts';
import { isWeightDtype } from '../../formats/safetensors/dtype.ts';
import type { Checkpoint } from '../files/checkpoint.ts';
import { readValues } from '../files/read-part.ts';
import type { InspectedTensor, InspectSource } from './source.ts';

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);

/**
 * @param base id of the model that changes are counted from; null where none is known
 * @param merges ids of models that are merges of the others
 * @param placeOf depth and group of a tensor, where the architecture tells
 */
export function filesSource(
  checkpoints: readonly Checkpoint[],
  base: string | null,
  merges: readonly string[],
  placeOf: (tensor: TensorOutline) => Pick<InspectedTensor, 'depth' | 'group'>,
): InspectSource {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.outline.id, checkpoint]));
  const tensors = new Map<string, InspectedTensor>();
  // The base's shapes count where there is one.
  const order = [...checkpoints].sort((a, b) => Number(b.outline.id === base) - Number(a.outline.id === base));
  for (const { outline } of order) {
    for (const tensor of outline.tensors) {
      if (!tensors.has(tensor.name)) tensors.set(tensor.name, { ...tensor, ...placeOf(tensor) });
    }
  }
  const partOf = (model: string, tensor: string) => byId.get(model)?.parts.get(tensor);
  return {
    models: checkpoints.map(({ outline: { id } }) => ({
      id,
      role: id === base ? 'base' : merges.includes(id) ? 'merge' : 'expert',
    })),
    tensors: [...tensors.values()],
    has: (model, tensor) => {
      const [part, wanted] = [partOf(model, tensor), tensors.get(tensor)];
      // Whole numbers and truth values are no weights: they have no direction.
      return (
        part !== undefined && wanted !== undefined && isWeightDtype(part.dtype) && sameShape(part.shape, wanted.shape)
      );
    },
    read: (model, tensor, from, to) => {
      const part = partOf(model, tensor);
      if (!part) throw new Error(`${tensor}: the model "${model}" has no such tensor`);
      return readValues(part, from, to);
    },
  };
}
