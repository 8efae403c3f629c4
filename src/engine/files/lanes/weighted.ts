/** Merges that are weighted sums of their inputs, from the stored bytes to the output's. */
import { isWeightDtype } from '../../../formats/safetensors/dtype.ts';
import type { Lane, LaneKind, LaneTensor } from '../lane.ts';
import { inOrder } from './ahead.ts';
import type { Crew } from './crew.ts';
import {
  createRooms,
  createRows,
  explain,
  homeOf,
  lengthOf,
  mergeAhead,
  peakOf,
  type RowOf,
  type Run,
  rangesOf,
  sizeOf,
} from './runs.ts';

/** @returns undefined where the merge is more than a weighted sum, or the tensors hold anything but the usual types */
export function weightedLane({ chain, span, inputs, experts, hasBase }: LaneKind, crew: Crew): Lane | undefined {
  const { pre, merge, post } = chain;
  const products = merge.method.weighted?.products(merge.step.controls);
  if (pre.length > 0 || post.length > 0 || products === undefined || span === 'network') return undefined;
  if (!inputs.every(isWeightDtype)) return undefined;
  const rooms = createRooms();
  const rowOf = createRows(crew);
  let order: readonly LaneTensor[] = [];
  const runsOf = function* (tensors: readonly LaneTensor[]): Generator<() => Promise<Run>> {
    for (const tensor of tensors) {
      const rowsOf = weighing(tensor, products, crew, rowOf);
      const { dtype } = tensor;
      for (const range of rangesOf(tensor))
        yield async () => {
          const rows = await rowsOf(range);
          const task = { kind: 'sum', rows, count: lengthOf(range), dtype, room: rooms.take(dtype) } as const;
          return { ...range, sums: await crew.run(task, homeOf(tensor, range)) };
        };
    }
  };
  return {
    surveys: 0,
    peakBytes: (weights) => peakOf(crew.size, experts + (hasBase ? 1 : 0), weights),
    async survey(tensors) {
      order = tensors;
    },
    merge: mergeAhead(crew.size, () => order, rooms, runsOf),
  };
}

type Products = 'none' | 'experts' | 'taskVectors';
type Range = Parameters<RowOf>[1];

/** Rows with their factors: a model whose factor is 0 is not read. */
function weighing(tensor: LaneTensor, products: Products, crew: Crew, rowOf: RowOf) {
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
  let factors: Promise<readonly number[]> | undefined;
  return async (range: Range) => {
    factors ??= (
      products === 'none' ? Promise.resolve(new Float64Array()) : multiply(tensor, products, crew, rowOf)
    ).then(factorsFor);
    const weights = await factors;
    const used = parts.flatMap((part, index) => {
      const weight = weights[index] ?? 0;
      return part && weight !== 0 ? [{ part, weight }] : [];
    });
    const [first] = parts.filter((part) => part !== null);
    // With no factor at all the merge is zero everywhere.
    if (used.length === 0 && first) used.push({ part: first, weight: 0 });
    return Promise.all(used.map(async ({ part, weight }) => ({ ...(await rowOf(part, range)), weight })));
  };
}

/** Inner products of all experts, or their task vectors. */
async function multiply(tensor: LaneTensor, products: 'experts' | 'taskVectors', crew: Crew, rowOf: RowOf) {
  const changes = products === 'taskVectors';
  const parts = [...(changes && tensor.base ? [tensor.base] : []), ...tensor.experts];
  const pieces = function* () {
    for (const range of rangesOf(tensor))
      yield async () => {
        const rows = await Promise.all(parts.map((part) => rowOf(part, range)));
        return crew.run({ kind: 'gram', rows, count: lengthOf(range), changes }, homeOf(tensor, range));
      };
  };
  const next = inOrder(pieces(), crew.size + 1);
  const triangle = new Float64Array((tensor.experts.length * (tensor.experts.length + 1)) / 2);
  // In the order of the runs, so that the sums do not depend on how many threads there are.
  for (let one = await next(); one; one = await next())
    for (let i = 0; i < triangle.length; i++) triangle[i] = (triangle[i] as number) + (one[i] as number);
  return square(triangle, tensor.experts.length);
}

function square(triangle: Float64Array, side: number): Float64Array {
  const all = new Float64Array(side * side);
  let at = 0;
  for (let s = 0; s < side; s++)
    for (let t = s; t < side; t++) all[s * side + t] = all[t * side + s] = triangle[at++] as number;
  return all;
}
