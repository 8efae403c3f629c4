/**
 * Merges that are weighted sums of whole tensors, from the stored bytes to the output's: runs of weights are read, summed and written
 * side by side, also those of the next tensor. Where factors depend on inner products, a tensor is read once if it is small and twice
 * if it is not.
 */
import { isWeightDtype, type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import { StudioError } from '../../fault.ts';
import type { TensorPart } from '../checkpoint.ts';
import type { Lane, LaneKind, LaneTensor } from '../lane.ts';
import { fileOf, firstNotFinite } from '../place-values.ts';
import { readBytes, readValues } from '../read-part.ts';
import { inOrder } from './ahead.ts';
import type { Crew } from './crew.ts';
import type { Row, Sums } from './kernels.ts';
import { createRooms, type Rooms } from './rooms.ts';

/** Weights of a run: 1 MB of each float16 model, which the caches still hold when it has been read. */
const RUN = 2 ** 19;
/** Inputs of a tensor that are kept in memory between its inner products and its sums. */
const KEPT_BYTES = 96_000_000;
const BYTES_PER_VALUE = 4;
/** Runs that are read or wait to be written, besides those that are computed. */
const SPARE_RUNS = 4;

/** @returns undefined where the merge is more than a weighted sum, or the tensors hold anything but the usual types */
export function weightedLane({ chain, span, inputs, experts, hasBase }: LaneKind, crew: Crew): Lane | undefined {
  const { pre, merge, post } = chain;
  const products = merge.method.weighted?.products(merge.step.controls);
  if (pre.length > 0 || post.length > 0 || products === undefined || span === 'network') return undefined;
  if (!inputs.every(isWeightDtype)) return undefined;
  const models = experts + (hasBase ? 1 : 0);
  const ahead = crew.size + SPARE_RUNS;
  let order: readonly LaneTensor[] = [];
  /** The runs under way, and the tensors that they belong to, the next one last. */
  let under: { readonly next: () => Promise<Run | undefined>; readonly expected: string[] } | undefined;
  return {
    surveys: 0,
    peakBytes: () => KEPT_BYTES + (ahead + crew.size) * (models + 1) * RUN * BYTES_PER_VALUE,
    async survey(tensors) {
      order = tensors;
    },
    async merge(tensor, write) {
      if (under?.expected.at(-1) !== tensor.name) {
        const from = order.findIndex(({ name }) => name === tensor.name);
        const tensors = from < 0 ? [tensor] : order.slice(from);
        const expected = tensors.map(({ name }) => name).reverse();
        under = { next: inOrder(runsOf(tensors, products, crew), ahead), expected };
      }
      const { next, expected } = under;
      expected.pop();
      let overflows = 0;
      for (let done = 0; done < sizeOf(tensor); ) {
        const run = await next();
        if (!run) throw new Error(`${tensor.name}: its weights ended at ${done}`);
        const { bytes, nonFinite, beyond } = run.sums;
        if (nonFinite > 0)
          await explain(tensor, run.from, run.to, `${nonFinite} values from ${run.from} on are not finite.`);
        await write(bytes);
        overflows += beyond;
        done += run.to - run.from;
      }
      return overflows;
    },
  };
}

type Products = 'none' | 'experts' | 'taskVectors';

/** Weights [from, to) of a tensor, merged. */
interface Run {
  readonly tensor: LaneTensor;
  readonly from: number;
  readonly to: number;
  readonly sums: Sums;
}

const sizeOf = ({ shape }: LaneTensor): number => shape.reduce((product, side) => product * side, 1);

function* runsOf(tensors: readonly LaneTensor[], products: Products, crew: Crew): Generator<() => Promise<Run>> {
  const rooms = createRooms();
  for (const tensor of tensors) {
    const rowsOf = reader(tensor, products, crew, rooms);
    const size = sizeOf(tensor);
    for (let from = 0; from < size; from += RUN) {
      const to = Math.min(size, from + RUN);
      yield async () => {
        const rows = await rowsOf(from, to);
        const { dtype } = tensor;
        const done = await crew.sum({ kind: 'sum', rows, count: to - from, dtype });
        rooms.free(done.rows);
        return { tensor, from, to, sums: done.sums };
      };
    }
  }
}

/** Rows with their factors: a model whose factor is 0 is not read. */
function reader(tensor: LaneTensor, products: Products, crew: Crew, rooms: Rooms) {
  const { method, step } = tensor.chain.merge;
  const parts = [tensor.base, ...tensor.experts];
  const factorsFor = async (all: Float64Array): Promise<readonly number[]> => {
    const factors = method.weighted?.factors(step.controls, all) ?? [];
    if (factors.every((factor) => Number.isFinite(factor))) return factors;
    return explain(tensor, 0, sizeOf(tensor), `its factors are ${factors.join(', ')}, wanted finite numbers.`);
  };
  const weigh = (factors: readonly number[], rowOf: (part: TensorPart, index: number) => Promise<Row>) => {
    const used = parts.flatMap((part, index) => {
      const weight = factors[index] ?? 0;
      return part && weight !== 0 ? [{ part, index, weight }] : [];
    });
    const [first] = parts.filter((part) => part !== null);
    // With no factor at all the merge is zero everywhere.
    if (used.length === 0 && first) used.push({ part: first, index: parts.indexOf(first), weight: 0 });
    return Promise.all(used.map(async ({ part, index, weight }) => ({ ...(await rowOf(part, index)), weight })));
  };
  if (products === 'none') {
    return async (from: number, to: number) =>
      weigh(await factorsFor(new Float64Array()), (part) => readRow(part, from, to, rooms));
  }
  let multiplied: ReturnType<typeof multiply> | undefined;
  return async (from: number, to: number) => {
    multiplied ??= multiply(tensor, products, crew, rooms);
    const { all, kept } = await multiplied;
    const rows = kept.get(from);
    kept.delete(from);
    const first = products === 'experts' ? 1 : 0;
    return weigh(await factorsFor(all), async (part, index) => rows?.[index - first] ?? readRow(part, from, to, rooms));
  };
}

/** Inner products of all experts, or their task vectors, and the rows of a tensor that is small enough to be kept. */
async function multiply(tensor: LaneTensor, products: 'experts' | 'taskVectors', crew: Crew, rooms: Rooms) {
  const changes = products === 'taskVectors';
  const parts = [...(changes && tensor.base ? [tensor.base] : []), ...tensor.experts];
  const size = sizeOf(tensor);
  const keeps = parts.reduce((sum, part) => sum + size * WIDTH[rowDtype(part)], 0) <= KEPT_BYTES;
  const kept = new Map<number, readonly Row[]>();
  const pieces = function* () {
    for (let from = 0; from < size; from += RUN) {
      const to = Math.min(size, from + RUN);
      yield async () => {
        const rows = await Promise.all(parts.map((part) => readRow(part, from, to, rooms)));
        const done = await crew.gram({ kind: 'gram', rows, count: to - from, changes });
        if (keeps) kept.set(from, done.rows);
        else rooms.free(done.rows);
        return done.products;
      };
    }
  };
  const next = inOrder(pieces(), crew.size + 1);
  const triangle = new Float64Array((tensor.experts.length * (tensor.experts.length + 1)) / 2);
  // In the order of the runs, so that the sums do not depend on how many threads there are.
  for (let one = await next(); one; one = await next())
    for (let i = 0; i < triangle.length; i++) triangle[i] = (triangle[i] as number) + (one[i] as number);
  return { all: square(triangle, tensor.experts.length), kept };
}

function square(triangle: Float64Array, side: number): Float64Array {
  const all = new Float64Array(side * side);
  let at = 0;
  for (let s = 0; s < side; s++)
    for (let t = s; t < side; t++) all[s * side + t] = all[t * side + s] = triangle[at++] as number;
  return all;
}

/** What an adapter adds is not rounded before it is merged. */
const rowDtype = (part: TensorPart): WeightDtype =>
  part.kind === 'stored' && isWeightDtype(part.dtype) ? part.dtype : 'F32';

async function readRow(part: TensorPart, from: number, to: number, rooms: Rooms): Promise<Row> {
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
async function explain(tensor: LaneTensor, from: number, to: number, otherwise: string): Promise<never> {
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
