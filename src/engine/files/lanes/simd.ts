/** The kernels of assembly/weights.ts, which work in a memory of their own: rows are copied there and results back. */
import bytes from 'virtual:kernels/weights';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import type { Kernels, Row } from './kernels.ts';

/** What assembly/weights.ts exports; addresses and sizes are numbers. */
interface Weights {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  reserve(end: number): number;
  scratchBytes(rows: number): number;
  weightedSum(...addressesAndSizes: number[]): void;
  gram(...addressesAndSizes: number[]): void;
  nonFiniteCount(): number;
  beyondCount(): number;
}

/** As in assembly/weights.ts. */
const KIND: Readonly<Record<WeightDtype, number>> = { F32: 0, F16: 1, BF16: 2 };
const ENTRY_BYTES = 16;
/** Weights that are computed at once. */
const LANES = 8;
const SUM_BYTES = 8;
/** Of every address. */
const ALIGNMENT = 16;

const aligned = (address: number) => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
const padded = (count: number) => Math.ceil(count / LANES) * LANES;

/** @returns undefined where 128-bit SIMD is missing */
export async function openSimdKernels(): Promise<Kernels | undefined> {
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  const weights = instance.exports as unknown as Weights;
  return {
    weightedSum(rows, count, dtype) {
      const laid = layOut(weights, rows, count, padded(count) * WIDTH[dtype]);
      rows.forEach(({ weight }, i) => {
        laid.view.setFloat32(laid.table + i * ENTRY_BYTES + 8, weight, true);
      });
      weights.weightedSum(laid.table, rows.length, padded(count), laid.out, KIND[dtype], laid.scratch);
      return {
        bytes: laid.memory.slice(laid.out, laid.out + count * WIDTH[dtype]),
        nonFinite: weights.nonFiniteCount(),
        beyond: weights.beyondCount(),
      };
    },
    gram(rows, count, changes) {
      const factors = changes ? rows.length - 1 : rows.length;
      const size = ((factors * (factors + 1)) / 2) * SUM_BYTES;
      const { memory, table, out, scratch } = layOut(weights, rows, count, size);
      memory.fill(0, out, out + size);
      weights.gram(table, rows.length, padded(count), changes ? 1 : 0, out, scratch);
      return new Float64Array(memory.buffer.slice(out, out + size));
    },
  };
}

/** Copies the rows to the kernels' memory and lists them in a table; there is room for the output and for what is in between. */
function layOut(weights: Weights, rows: readonly Row[], count: number, outBytes: number) {
  const table = weights.heapStart();
  let end = aligned(table + rows.length * ENTRY_BYTES);
  const places = rows.map(({ dtype }) => {
    const place = end;
    end = aligned(end + padded(count) * WIDTH[dtype]);
    return place;
  });
  const out = end;
  const scratch = aligned(out + outBytes);
  const needed = scratch + weights.scratchBytes(rows.length);
  if (!weights.reserve(needed)) throw new Error(`no memory for ${needed} bytes of weights`);
  // Views come after the reservation, which may have moved the memory.
  const memory = new Uint8Array(weights.memory.buffer as ArrayBuffer);
  const view = new DataView(memory.buffer);
  rows.forEach((row, i) => {
    const place = places[i] as number;
    const wanted = count * WIDTH[row.dtype];
    if (row.bytes.length !== wanted)
      throw new Error(`row ${i} has ${row.bytes.length} bytes, ${count} weights of ${row.dtype} take ${wanted}`);
    memory.set(row.bytes, place);
    memory.fill(0, place + wanted, place + padded(count) * WIDTH[row.dtype]);
    view.setUint32(table + i * ENTRY_BYTES, place, true);
    view.setInt32(table + i * ENTRY_BYTES + 4, KIND[row.dtype], true);
  });
  return { memory, view, table, out, scratch };
}
