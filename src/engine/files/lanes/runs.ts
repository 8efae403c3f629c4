/** Runs of weights: how they are read, and how merged ones are written in their order while the next are under way. */
import { isWeightDtype, type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import { StudioError } from '../../fault.ts';
import type { TensorPart } from '../checkpoint.ts';
import type { Lane, LaneTensor } from '../lane.ts';
import { fileOf, firstNotFinite } from '../place-values.ts';
import { readBytes, readValues } from '../read-part.ts';
import { inOrder } from './ahead.ts';
import type { Row, Sums } from './kernels.ts';
import type { Rooms } from './rooms.ts';

/** Weights of a run: 1 MB of each float16 model, which the caches still hold when it has been read. */
const RUN = 2 ** 19;
/** Inputs of a tensor that are kept in memory between two looks at it. */
const KEPT_BYTES = 96_000_000;
const BYTES_PER_VALUE = 4;
/** Runs that are read or wait to be written, besides those that are computed. */
const SPARE_RUNS = 4;

/** Weights [from, to) of a tensor. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Merged weights. */
export interface Run extends Range {
  readonly sums: Sums;
}

export const sizeOf = ({ shape }: LaneTensor): number => shape.reduce((product, side) => product * side, 1);

export function* rangesOf(tensor: LaneTensor): Generator<Range> {
  const size = sizeOf(tensor);
  for (let from = 0; from < size; from += RUN) yield { from, to: Math.min(size, from + RUN) };
}

/** Most memory while tensors are merged. @param models that are read, the base too */
export const peakOf = (threads: number, models: number): number =>
  KEPT_BYTES + (2 * threads + SPARE_RUNS) * (models + 1) * RUN * BYTES_PER_VALUE;

/**
 * Merges tensors as they are asked for, and begins with the next ones before.
 * @param runsOf of these tensors, in their order
 */
export function mergeAhead(
  threads: number,
  order: () => readonly LaneTensor[],
  runsOf: (tensors: readonly LaneTensor[]) => Iterator<() => Promise<Run>>,
): Lane['merge'] {
  /** The runs under way, and the tensors that they belong to, the next one last. */
  let under: { readonly next: () => Promise<Run | undefined>; readonly expected: string[] } | undefined;
  return async (tensor, write) => {
    if (under?.expected.at(-1) !== tensor.name) {
      const from = order().findIndex(({ name }) => name === tensor.name);
      const tensors = from < 0 ? [tensor] : order().slice(from);
      under = {
        next: inOrder(runsOf(tensors), threads + SPARE_RUNS),
        expected: tensors.map(({ name }) => name).reverse(),
      };
    }
    const { next, expected } = under;
    expected.pop();
    let overflows = 0;
    for (let done = 0; done < sizeOf(tensor); ) {
      const run = await next();
      if (!run) throw new Error(`${tensor.name}: its weights ended at ${done}`);
      const { bytes, nonFinite, beyond } = run.sums;
      if (nonFinite > 0) await explain(tensor, run, `${nonFinite} values from ${run.from} on are not finite.`);
      await write(bytes);
      overflows += beyond;
      done += run.to - run.from;
    }
    return overflows;
  };
}

/** What an adapter adds is not rounded before it is merged. */
const rowDtype = (part: TensorPart): WeightDtype =>
  part.kind === 'stored' && isWeightDtype(part.dtype) ? part.dtype : 'F32';

/** Whether these inputs of a tensor are few enough to be kept. */
export const areKept = (tensor: LaneTensor, parts: readonly TensorPart[]): boolean =>
  parts.reduce((sum, part) => sum + sizeOf(tensor) * WIDTH[rowDtype(part)], 0) <= KEPT_BYTES;

export async function readRow(part: TensorPart, { from, to }: Range, rooms: Rooms): Promise<Row> {
  const dtype = rowDtype(part);
  if (part.kind === 'adapted') {
    const values = await readValues(part, from, to);
    return { dtype, bytes: new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength) };
  }
  const room = rooms.take((to - from) * WIDTH[dtype]);
  return { dtype, bytes: (await readBytes(part, from, to, room)) as Uint8Array<ArrayBuffer> };
}

/**
 * @param otherwise what is said when all inputs of these weights are finite
 * @throws StudioError naming file and value of an input that is not finite
 */
export async function explain(tensor: LaneTensor, { from, to }: Range, otherwise: string): Promise<never> {
  for (const part of [tensor.base, ...tensor.experts]) {
    if (!part) continue;
    for (let start = from; start < to; start += RUN) {
      const values = await readValues(part, start, Math.min(to, start + RUN));
      const bad = firstNotFinite(values);
      if (bad === undefined) continue;
      throw new StudioError(
        'files',
        `${fileOf(part)}: ${tensor.name}: value ${start + bad} is ${values[bad]}, wanted a finite number.`,
        'Leave that model out, or repair its file.',
      );
    }
  }
  throw new StudioError('recipe', `The merged ${tensor.name}: ${otherwise}`);
}
