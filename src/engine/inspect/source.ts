/** Models as inspecting sees them: named tensors whose values are read in parts, whether of the zoo or of files of any size. */

export interface InspectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** As stored, where it comes from a file. */
  readonly dtype: string | null;
  /** Position between input and output, 0…1; null where the architecture is not known. */
  readonly depth: number | null;
  readonly group: string | null;
}

export interface InspectedModel {
  readonly id: string;
  readonly role: 'base' | 'expert' | 'merge';
}

export interface InspectSource {
  /** Experts' task vectors are θ − θ₀ of the model with the role of the base; without one there are none. */
  readonly models: readonly InspectedModel[];
  readonly tensors: readonly InspectedTensor[];
  /** Whether the model has the tensor, in the shape given above. */
  has(model: string, tensor: string): boolean;
  /** Entries [from, to) in float32; only to be read. */
  read(model: string, tensor: string, from: number, to: number): Promise<Float32Array>;
}

/** Entries of one model that are in memory at once: 1 MB. */
const PART = 1 << 18;

export const sizeOfTensor = ({ shape }: InspectedTensor): number => shape.reduce((product, side) => product * side, 1);

/** A matrix with as many rows as the tensor's first side; a vector is one row. */
export function matrixOf({ shape }: Pick<InspectedTensor, 'shape'>): readonly [rows: number, cols: number] {
  const [first = 1, ...rest] = shape;
  return rest.length === 0 ? [1, first] : [first, rest.reduce((product, side) => product * side, 1)];
}

export interface Part {
  readonly from: number;
  /** By model of those asked for. */
  readonly values: readonly Float32Array[];
}

/** The tensor of several models, part by part. */
export async function* partsOf(
  source: InspectSource,
  tensor: InspectedTensor,
  models: readonly string[],
): AsyncGenerator<Part> {
  const size = sizeOfTensor(tensor);
  for (let from = 0; from < size; from += PART) {
    const to = Math.min(size, from + PART);
    yield { from, values: await Promise.all(models.map((model) => source.read(model, tensor.name, from, to))) };
  }
}

/** a − b. */
export function minus(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length);
  // In range: parts of one tensor have one length.
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) - (b[i] as number);
  return out;
}

export function tensorNamed({ tensors }: InspectSource, name: string): InspectedTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`${name}: none of the inspected models has such a tensor`);
  return found;
}
