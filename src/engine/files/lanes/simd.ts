/** The kernels of assembly/weights.ts, which work in a memory of their own: rows are copied there and results back. */
import bytes from 'virtual:kernels/weights';
import { WIDTH } from '../../../formats/safetensors/dtype.ts';
import { openModule } from '../../wasm-module.ts';
import { outputIn, type Row, type WeightKernels } from './kernels.ts';
import { aligned, CHUNK, KIND, padded } from './simd-layout.ts';

/** What assembly/weights.ts exports. */
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

const ENTRY_BYTES = 16;
const SUM_BYTES = 8;

/** @returns undefined where 128-bit SIMD is missing */
export async function openSimdKernels(): Promise<WeightKernels | undefined> {
  const weights = await openModule<Weights>(bytes);
  if (!weights) return undefined;
  return {
    weightedSum(rows, count, dtype, room) {
      const sums = outputIn(room, count, dtype);
      let nonFinite = 0;
      let beyond = 0;
      for (let from = 0; from < count; from += CHUNK) {
        const length = Math.min(CHUNK, count - from);
        const outBytes = padded(length) * WIDTH[dtype];
        const { memory, view, table, out, scratch } = layOut(weights, rows, { from, length }, outBytes);
        rows.forEach(({ weight }, i) => {
          view.setFloat32(table + i * ENTRY_BYTES + 8, weight, true);
        });
        weights.weightedSum(table, rows.length, padded(length), out, KIND[dtype], scratch);
        sums.set(memory.subarray(out, out + length * WIDTH[dtype]), from * WIDTH[dtype]);
        nonFinite += weights.nonFiniteCount();
        beyond += weights.beyondCount();
      }
      return { bytes: sums, nonFinite, beyond };
    },
    gram(rows, count, changes) {
      const factors = changes ? rows.length - 1 : rows.length;
      const size = ((factors * (factors + 1)) / 2) * SUM_BYTES;
      let products = new Uint8Array(size);
      for (let from = 0; from < count; from += CHUNK) {
        const length = Math.min(CHUNK, count - from);
        const { memory, table, out, scratch } = layOut(weights, rows, { from, length }, size);
        memory.set(products, out);
        weights.gram(table, rows.length, padded(length), changes ? 1 : 0, out, scratch);
        products = memory.slice(out, out + size);
      }
      return new Float64Array(products.buffer);
    },
  };
}

/** Copies a piece of the rows to the kernels' memory and lists them in a table; there is room for the output and for what is in between. */
function layOut(weights: Weights, rows: readonly Row[], { from, length }: Piece, outBytes: number) {
  const table = weights.heapStart();
  let end = aligned(table + rows.length * ENTRY_BYTES);
  const places = rows.map(({ dtype }) => {
    const place = end;
    end = aligned(end + padded(length) * WIDTH[dtype]);
    return place;
  });
  const out = end;
  const scratch = aligned(out + outBytes);
  const needed = scratch + weights.scratchBytes(rows.length);
  if (!weights.reserve(needed)) throw new Error(`no memory for ${needed} bytes of weights`);
  // Views come after the reservation, which may have moved the memory.
  const memory = new Uint8Array(weights.memory.buffer as ArrayBuffer);
  const view = new DataView(memory.buffer);
  rows.forEach(({ dtype, copy }, i) => {
    const place = places[i] as number;
    const end = place + length * WIDTH[dtype];
    copy(from * WIDTH[dtype], memory.subarray(place, end));
    memory.fill(0, end, place + padded(length) * WIDTH[dtype]);
    view.setUint32(table + i * ENTRY_BYTES, place, true);
    view.setInt32(table + i * ENTRY_BYTES + 4, KIND[dtype], true);
  });
  return { memory, view, table, out, scratch };
}

interface Piece {
  readonly from: number;
  readonly length: number;
}
