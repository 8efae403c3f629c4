/** Reads rows that are gathered by token: runs of the model's own, what fills the others, and the mean that pads them. */
import type { GatheredPart, OwnPart, TensorPart } from './checkpoint.ts';
import { matrixOf } from './low-rank.ts';

type Read = (part: OwnPart, from: number, to: number) => Promise<Float32Array>;

/** Rows that are asked for at once: enough to keep a disk busy. */
const READS = 16;
/** Values of one read while the mean of all rows is taken. */
const MEAN_VALUES = 2_000_000;

/** Rows of the output [from, to) that come from one place. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly read: () => Promise<Float32Array>;
}

/** Elements [from, to) of the gathered tensor. */
export async function readGathered(part: GatheredPart, from: number, to: number, read: Read): Promise<Float32Array> {
  const { cols } = matrixOf(part.shape);
  const values = new Float32Array(to - from);
  if (values.length === 0) return values;
  const first = Math.floor(from / cols);
  const last = Math.ceil(to / cols);
  const runs = [...runsOf(part, first, Math.min(last, part.rows.length), read)];
  const put = (row: number, own: Float32Array) => {
    const begin = row * cols - from;
    const cut = own.subarray(Math.max(0, -begin), Math.max(0, to - row * cols));
    values.set(cut, Math.max(0, begin));
  };
  for (let at = 0; at < runs.length; at += READS)
    await Promise.all(runs.slice(at, at + READS).map(async (run) => put(run.from, await run.read())));
  if (last > part.rows.length) {
    const mean = await meanOf(part, read);
    for (let row = Math.max(first, part.rows.length); row < last; row++) put(row, mean);
  }
  return values;
}

function* runsOf({ on, rows, filled, shape }: GatheredPart, from: number, to: number, read: Read): Generator<Run> {
  const { cols } = matrixOf(shape);
  for (let row = from; row < to; ) {
    const begin = row;
    const own = rows[row] ?? -1;
    row++;
    if (own < 0) {
      const origins = filled.get(begin) ?? [];
      yield { from: begin, to: row, read: () => meanOfRows(origins, cols, read) };
      continue;
    }
    while (row < to && rows[row] === own + row - begin) row++;
    const end = own + row - begin;
    yield { from: begin, to: row, read: () => read(on, own * cols, end * cols) };
  }
}

type Origins = readonly { readonly part: OwnPart; readonly row: number }[];

/** Summed in float32, in the models' order. */
async function meanOfRows(origins: Origins, cols: number, read: Read): Promise<Float32Array> {
  const rows = await Promise.all(origins.map(({ part, row }) => read(part, row * cols, (row + 1) * cols)));
  const [first, second] = rows;
  if (!first) return new Float32Array(cols);
  if (!second) return first;
  const mean = new Float32Array(cols);
  for (const row of rows) for (let i = 0; i < cols; i++) mean[i] = (mean[i] as number) + (row[i] as number);
  for (let i = 0; i < cols; i++) mean[i] = (mean[i] as number) / rows.length;
  return mean;
}

/** Parts never change. */
const means = new WeakMap<GatheredPart, Promise<Float32Array>>();

function meanOf(part: GatheredPart, read: Read): Promise<Float32Array> {
  const known = means.get(part) ?? meanOfAll(part, read);
  means.set(part, known);
  return known;
}

async function meanOfAll(part: GatheredPart, read: Read): Promise<Float32Array> {
  const { cols } = matrixOf(part.shape);
  const count = part.rows.length;
  const sums = new Float64Array(cols);
  const step = Math.max(1, Math.floor(MEAN_VALUES / Math.max(cols, 1)));
  for (let row = 0; row < count; row += step) {
    const values = await readGathered(part, row * cols, Math.min(count, row + step) * cols, read);
    for (const [i, value] of values.entries()) sums[i % cols] = (sums[i % cols] as number) + value;
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/** The tensor of a model behind which no rows are gathered. */
export function ungathered(part: TensorPart): OwnPart {
  return part.kind === 'gathered' ? part.on : part;
}
