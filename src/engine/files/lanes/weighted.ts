/**
 * Merges that are weighted sums of whole tensors, from the stored bytes to the output's: runs of weights are read, summed and written
 * side by side, also those of the next tensor. Where factors depend on inner products, a tensor is read once if it is small and twice
 * if it is not.
 */
import { isWeightDtype } from '../../../formats/safetensors/dtype.ts';
import type { TensorPart } from '../checkpoint.ts';
import type { Lane, LaneKind, LaneTensor } from '../lane.ts';
import { inOrder } from './ahead.ts';
import type { Crew } from './crew.ts';
import type { Row } from './kernels.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { areKept, explain, mergeAhead, peakOf, type Range, type Run, rangesOf, readRow, sizeOf } from './runs.ts';

/** @returns undefined where the merge is more than a weighted sum, or the tensors hold anything but the usual types */
export function weightedLane({ chain, span, inputs, experts, hasBase }: LaneKind, crew: Crew): Lane | undefined {
  const { pre, merge, post } = chain;
  const products = merge.method.weighted?.products(merge.step.controls);
  if (pre.length > 0 || post.length > 0 || products === undefined || span === 'network') return undefined;
  if (!inputs.every(isWeightDtype)) return undefined;
  let order: readonly LaneTensor[] = [];
  return {
    surveys: 0,
    peakBytes: () => peakOf(crew.size, experts + (hasBase ? 1 : 0)),
    async survey(tensors) {
      order = tensors;
    },
    merge: mergeAhead(
      crew.size,
      () => order,
      (tensors) => runsOf(tensors, products, crew),
    ),
  };
}

type Products = 'none' | 'experts' | 'taskVectors';

function* runsOf(tensors: readonly LaneTensor[], products: Products, crew: Crew): Generator<() => Promise<Run>> {
  const rooms = createRooms();
  for (const tensor of tensors) {
    const rowsOf = reader(tensor, products, crew, rooms);
    for (const range of rangesOf(tensor))
      yield async () => {
        const rows = await rowsOf(range);
        const { dtype } = tensor;
        const done = await crew.run({ kind: 'sum', rows, count: range.to - range.from, dtype });
        rooms.free(done.rows);
        return { ...range, sums: done.result };
      };
  }
}

/** Rows with their factors: a model whose factor is 0 is not read. */
function reader(tensor: LaneTensor, products: Products, crew: Crew, rooms: Rooms) {
  const { method, step } = tensor.chain.merge;
  const parts = [tensor.base, ...tensor.experts];
  const factorsFor = async (all: Float64Array): Promise<readonly number[]> => {
    const factors = method.weighted?.factors(step.controls, all) ?? [];
    if (factors.every((factor) => Number.isFinite(factor))) return factors;
    return explain(
      tensor,
      { from: 0, to: sizeOf(tensor) },
      `its factors are ${factors.join(', ')}, wanted finite numbers.`,
    );
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
    return async (range: Range) => weigh(await factorsFor(new Float64Array()), (part) => readRow(part, range, rooms));
  }
  let multiplied: ReturnType<typeof multiply> | undefined;
  return async (range: Range) => {
    multiplied ??= multiply(tensor, products, crew, rooms);
    const { all, kept } = await multiplied;
    const rows = kept.get(range.from);
    kept.delete(range.from);
    const first = products === 'experts' ? 1 : 0;
    return weigh(await factorsFor(all), async (part, index) => rows?.[index - first] ?? readRow(part, range, rooms));
  };
}

/** Inner products of all experts, or their task vectors, and the rows of a tensor that is small enough to be kept. */
async function multiply(tensor: LaneTensor, products: 'experts' | 'taskVectors', crew: Crew, rooms: Rooms) {
  const changes = products === 'taskVectors';
  const parts = [...(changes && tensor.base ? [tensor.base] : []), ...tensor.experts];
  const keeps = areKept(tensor, parts);
  const kept = new Map<number, readonly Row[]>();
  const pieces = function* () {
    for (const range of rangesOf(tensor))
      yield async () => {
        const rows = await Promise.all(parts.map((part) => readRow(part, range, rooms)));
        const done = await crew.run({ kind: 'gram', rows, count: range.to - range.from, changes });
        if (keeps) kept.set(range.from, done.rows);
        else rooms.free(done.rows);
        return done.result;
      };
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
