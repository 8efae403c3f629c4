/** Runs of weights: how a task says where they are, and how merged ones are written in their order while the next are under way. */
import { isWeightDtype, type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import { StudioError } from '../../fault.ts';
import type { TensorPart } from '../checkpoint.ts';
import type { Lane, LaneTensor } from '../lane.ts';
import { fileOf, firstNotFinite } from '../place-values.ts';
import { readBytes, readValues } from '../read-part.ts';
import { inOrder } from './ahead.ts';
import type { Crew, TaskRow } from './crew.ts';
import type { Room, Sums } from './kernels.ts';

/** Weights of a run: 2 MB of each float16 model. */
const RUN = 2 ** 20;
/** Neighbouring runs of one home: what is read at once is not read by two. */
const HOME = 2 * RUN;
const BYTES_PER_VALUE = 4;
/** Runs under way, besides one for each thread: they wait to be written, or for the thresholds of their tensor. */
const SPARE_RUNS = 4;
/** A thread's own: its code and its kernels' memory, and what it remembers of files. */
const THREAD_BYTES = 8_000_000;
const FILE_BYTES = 32_000_000;
/** Runs that are made of more than a file's bytes, as an adapter's are: computed once for several looks. */
const REMEMBERED = 12;

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

export const lengthOf = ({ from, to }: Range): number => to - from;

/** Where a run is worked on: at the same place in every look at it. */
export const homeOf = ({ start }: LaneTensor, { from }: Range): number => Math.floor((start + from) / HOME);

/** Most memory while tensors are merged. @param models that are read, the base too @param weights of the largest tensor @param kept merged runs that wait for others */
export function peakOf(threads: number, models: number, weights: number, kept = 0): number {
  const tensor = weights * BYTES_PER_VALUE;
  const thread = THREAD_BYTES + Math.min(FILE_BYTES, models * tensor);
  return threads * thread + (threads + SPARE_RUNS + REMEMBERED + kept) * Math.min(RUN * BYTES_PER_VALUE, tensor);
}

/** Where merged weights go: memory that was written from is written to again, for fresh memory costs more than what is put there. */
export interface Rooms {
  /** For a run of that type. */
  take(dtype: WeightDtype): Room;
  give(bytes: Uint8Array<ArrayBuffer>): void;
}

/** @param kept merged runs that wait for others */
export function createRooms(kept = 0): Rooms {
  const free: ArrayBuffer[] = [];
  return {
    take(dtype) {
      const bytes = RUN * WIDTH[dtype];
      const found = free.findLastIndex(({ byteLength }) => byteLength === bytes);
      return found < 0 ? new ArrayBuffer(bytes) : free.splice(found, 1)[0];
    },
    give({ buffer }) {
      if (buffer.byteLength > 0 && free.length <= SPARE_RUNS + kept) free.push(buffer);
    },
  };
}

/**
 * Merges tensors as they are asked for, and begins with the next ones before.
 * @param runsOf of these tensors, in their order
 */
export function mergeAhead(
  threads: number,
  order: () => readonly LaneTensor[],
  rooms: Rooms,
  runsOf: (tensors: readonly LaneTensor[]) => Iterator<() => Promise<Run>>,
): Lane['merge'] {
  /** The run that is merged next, those behind it, and the tensors that they belong to, the next one last. */
  let under: Under | undefined;
  return async (tensor, write) => {
    if (under?.expected.at(-1) !== tensor.name) {
      const from = order().findIndex(({ name }) => name === tensor.name);
      const tensors = from < 0 ? [tensor] : order().slice(from);
      const next = inOrder(runsOf(tensors), threads + SPARE_RUNS);
      under = { next, following: next(), expected: tensors.map(({ name }) => name).reverse() };
    }
    const own = under;
    own.expected.pop();
    let overflows = 0;
    for (let done = 0; done < sizeOf(tensor); ) {
      const run = await own.following;
      if (!run) throw new Error(`${tensor.name}: its weights ended at ${done}`);
      const { bytes, nonFinite, beyond } = run.sums;
      if (nonFinite > 0) await explain(tensor, run, `${nonFinite} values from ${run.from} on are not finite.`);
      const writing = write(bytes);
      // While these are written, this thread may merge others.
      own.following = own.next();
      // Whoever waits for them hears of a failure.
      own.following.catch(() => {});
      await writing;
      rooms.give(bytes);
      overflows += beyond;
      done += lengthOf(run);
    }
    return overflows;
  };
}

interface Under {
  readonly next: () => Promise<Run | undefined>;
  following: Promise<Run | undefined>;
  readonly expected: string[];
}

/** What an adapter adds is not rounded before it is merged. */
const rowDtype = (part: TensorPart): WeightDtype =>
  part.kind === 'stored' && isWeightDtype(part.dtype) ? part.dtype : 'F32';

/** Says where the weights of a part are, or brings them where no other thread can read them. */
export type RowOf = (part: TensorPart, range: Range) => Promise<TaskRow>;

export function createRows(crew: Crew): RowOf {
  const remembered = new Map<string, Uint8Array<ArrayBuffer>>();
  const numbers = new Map<TensorPart, number>();
  const made = async (part: TensorPart, { from, to }: Range) => {
    const number = numbers.get(part) ?? numbers.size;
    numbers.set(part, number);
    const key = `${number} ${from}`;
    const known = remembered.get(key);
    if (known) return known;
    const values = await readValues(part, from, to);
    const bytes = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
    remembered.set(key, bytes);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return bytes;
  };
  return async (part, range) => {
    const dtype = rowDtype(part);
    if (part.kind !== 'stored') return { dtype, bytes: await made(part, range) };
    const file = await crew.open(part.source);
    if (file !== undefined) return { dtype, file, at: part.begin + range.from * WIDTH[dtype] };
    return { dtype, bytes: (await readBytes(part, range.from, range.to)) as Uint8Array<ArrayBuffer> };
  };
}

/** Of the base, where there is one, and of all experts. */
export const partsOf = ({ base, experts }: LaneTensor): readonly TensorPart[] => [...(base ? [base] : []), ...experts];

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
