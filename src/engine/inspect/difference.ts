/** What two models differ in: how much, and where. */
import { createPixelMap, type PixelMap } from './pixel-map.ts';
import { type InspectedTensor, type InspectSource, matrixOf, partsOf, sizeOfTensor } from './source.ts';

export interface TensorDifference {
  readonly name: string;
  /** ‖a − b‖₂, and ‖b‖₂ to compare it with. */
  readonly norm: number;
  readonly reference: number;
  /** Largest |a − b|, and the index of its entry in the tensor, counted from 0. */
  readonly most: number;
  readonly at: number;
  /** Share of the entries that differ at all. */
  readonly share: number;
}

async function walk(
  source: InspectSource,
  tensor: InspectedTensor,
  a: string,
  b: string,
  see: (index: number, difference: number) => void,
): Promise<TensorDifference> {
  let [squares, reference, most, at, differing] = [0, 0, 0, 0, 0];
  for await (const { from, values } of partsOf(source, tensor, [a, b])) {
    const [own, other] = values;
    if (!own || !other) continue;
    for (let i = 0; i < own.length; i++) {
      const difference = (own[i] as number) - (other[i] as number);
      const magnitude = Math.abs(difference);
      squares += difference * difference;
      reference += (other[i] as number) ** 2;
      if (magnitude > most) [most, at] = [magnitude, from + i];
      if (difference !== 0) differing++;
      see(from + i, magnitude);
    }
  }
  const share = differing / Math.max(1, sizeOfTensor(tensor));
  return { name: tensor.name, norm: Math.sqrt(squares), reference: Math.sqrt(reference), most, at, share };
}

/** Undefined where one of them lacks the tensor. */
export async function differenceIn(
  source: InspectSource,
  tensor: InspectedTensor,
  a: string,
  b: string,
): Promise<TensorDifference | undefined> {
  if (!source.has(a, tensor.name) || !source.has(b, tensor.name)) return undefined;
  return walk(source, tensor, a, b, () => {});
}

/** |a − b| of one tensor as a picture. */
export async function differenceMap(
  source: InspectSource,
  tensor: InspectedTensor,
  a: string,
  b: string,
): Promise<PixelMap | undefined> {
  if (!source.has(a, tensor.name) || !source.has(b, tensor.name)) return undefined;
  const map = createPixelMap(...matrixOf(tensor));
  await walk(source, tensor, a, b, (index, magnitude) => map.add(index, magnitude));
  return map.result();
}
