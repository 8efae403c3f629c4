/** The change between two models, tensor by tensor: which have one, and its values in parts. */
import { isFloat } from '../../formats/safetensors/dtype.ts';
import { StudioError } from '../fault.ts';
import type { Checkpoint, TensorPart } from './checkpoint.ts';
import { countOf, readValues } from './read-part.ts';

/** A tensor that both models have. */
export interface Pair {
  readonly name: string;
  readonly to: TensorPart;
  readonly from: TensorPart;
}

/** Values of a model that are read at once, 4 MB. */
const PART = 1 << 20;

/**
 * Tensors with another number of rows, as the tables of a changed vocabulary have, are pairs too.
 * @throws StudioError when the models do not have the same tensors
 */
export function pairsOf(model: Checkpoint, base: Checkpoint): Pair[] {
  const foreign = [...model.parts.keys()].filter((name) => !base.parts.has(name));
  const pairs = Array.from(base.parts, ([name, from]): Pair => {
    const to = model.parts.get(name);
    if (!to || foreign.length > 0)
      throw differs(`${foreign[0] ?? name}: is in ${to ? 'the model' : 'the base'} only`, model, base);
    if (to.shape.length !== from.shape.length || to.shape.slice(1).join() !== from.shape.slice(1).join())
      throw differs(`${name}: is [${to.shape.join(', ')}] and [${from.shape.join(', ')}]`, model, base);
    return { name, to, from };
  });
  return pairs.filter(({ from, to }) => isFloat(from.dtype) && isFloat(to.dtype));
}

const differs = (what: string, { outline }: Checkpoint, base: Checkpoint) =>
  new StudioError(
    'files',
    `${outline.name} and ${base.outline.name} do not have the same tensors: ${what}`,
    'Choose the model that the other was trained from as the base.',
  );

export const isResized = ({ from, to }: Pair): boolean => from.shape[0] !== to.shape[0];

/** Of the larger of both. */
export const sizeOfPair = ({ from, to }: Pair): number => Math.max(countOf(from), countOf(to));

/** Values [begin, end) of the change; rows that one of them lacks are zero there. */
async function changeOf({ to, from }: Pair, begin: number, end: number): Promise<Float32Array> {
  const read = (part: TensorPart) => {
    const there = countOf(part);
    return readValues(part, Math.min(begin, there), Math.min(end, there));
  };
  const [values, start] = await Promise.all([read(to), read(from)]);
  const change = values.length === end - begin ? values : new Float32Array(end - begin);
  if (change !== values) change.set(values);
  for (let i = 0; i < start.length; i++) change[i] = (change[i] as number) - (start[i] as number);
  return change;
}

/** The change in blocks of whole rows, from the first to the last. */
export async function* blocksOf(
  pair: Pair,
  cols: number,
): AsyncGenerator<readonly [row: number, values: Float32Array]> {
  const count = sizeOfPair(pair);
  const step = Math.max(1, Math.floor(PART / Math.max(cols, 1))) * Math.max(cols, 1);
  for (let at = 0; at < count; at += step)
    yield [at / Math.max(cols, 1), await changeOf(pair, at, Math.min(at + step, count))];
}

/** Σ of the squares. */
export function energyIn(values: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < values.length; i++) energy += (values[i] as number) ** 2;
  return energy;
}
