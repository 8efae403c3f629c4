/** The kernels of assembly/elections.ts, which work in a memory of their own: rows are copied there and results back. */

import bytes from 'virtual:kernels/elections';
import { TALLY_BINS } from '../../../core/stats/select.ts';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import type { ElectionKernels, Row, RunCut } from './kernels.ts';

/** What assembly/elections.ts exports; addresses and sizes are numbers. */
interface Elections {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  reserve(end: number): number;
  scratchBytes(rows: number): number;
  tally(...addressesAndSizes: number[]): void;
  addPairs(...addressesAndSizes: number[]): void;
  countEqual(...addressesAndSizes: number[]): void;
  balance(...addressesAndSizes: number[]): number;
  /** @returns how many blocks have changes that are not finite */
  elect(...addressesAndSizes: number[]): number;
  nonFiniteCount(): number;
  beyondCount(): number;
}

/** As in assembly/elections.ts. */
const KIND: Readonly<Record<WeightDtype, number>> = { F32: 0, F16: 1, BF16: 2 };
const JOINING = { mean: 0, sum: 1, max: 2 } as const;
const ENTRY_BYTES = 32;
const LIMIT_AT = 8;
const UNTIL_AT = 12;
const WEIGHT_AT = 16;
/** Two counters for each bin. */
const TALLY_BYTES = TALLY_BINS * 8;
const COUNT_BYTES = 4;
/** Weights that are computed at once. */
const LANES = 8;
/** Weights that are copied to the kernels at once: the rows of a few models stay in the nearest large cache. */
const CHUNK = 2 ** 15;
/** Of every address. */
const ALIGNMENT = 16;
const LARGEST_PLACE = 2 ** 31 - 1;

const aligned = (address: number) => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
const padded = (count: number) => Math.ceil(count / LANES) * LANES;

/** @returns undefined where 128-bit SIMD is missing */
export async function openSimdElections(): Promise<ElectionKernels | undefined> {
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  // What a WebAssembly module exports has no types; assembly/elections.ts declares these.
  const elections = instance.exports as unknown as Elections;
  return {
    tally(rows, count, highs) {
      const room = layOut(elections, rows, count, (rows.length - 1) * TALLY_BYTES);
      highs.forEach((high, expert) => {
        room.view.setInt32(room.entryOf(expert + 1) + LIMIT_AT, high ?? -1, true);
      });
      for (const { length } of room.chunks())
        elections.tally(room.table, rows.length, padded(length), room.out, room.scratch);
      elections.addPairs(room.out, (rows.length - 1) * TALLY_BINS);
      const counts = new Uint32Array(room.memory.buffer, room.out, (rows.length - 1) * TALLY_BINS).slice();
      // What fills the last eight up are zeros.
      highs.forEach((high, expert) => {
        if (high) return;
        const zeros = expert * TALLY_BINS;
        counts[zeros] = (counts[zeros] as number) - (padded(count) - count);
      });
      return counts;
    },
    countEqual(rows, count, limits) {
      const room = layOut(elections, rows, count, (rows.length - 1) * COUNT_BYTES);
      limits.forEach((limit, expert) => {
        room.view.setInt32(room.entryOf(expert + 1) + LIMIT_AT, limit, true);
      });
      for (const { length } of room.chunks())
        elections.countEqual(room.table, rows.length, padded(length), room.out, room.scratch);
      const counts = new Uint32Array(room.memory.buffer, room.out, rows.length - 1);
      return counts.map((equal, expert) => (limits[expert] === 0 ? equal - (padded(count) - count) : equal));
    },
    balance(rows, count, cuts) {
      const room = layOut(elections, rows, count, 0);
      let votes = 0;
      for (const { from, length } of room.chunks()) {
        writeCuts(room, cuts, from);
        votes += elections.balance(room.table, rows.length, padded(length), room.scratch);
      }
      return votes;
    },
    elect(rows, count, { cuts, weights, joining, zeroSign, lambda }, dtype) {
      const room = layOut(elections, rows, count, CHUNK * WIDTH[dtype]);
      weights.forEach((weight, expert) => {
        room.view.setFloat64(room.entryOf(expert + 1) + WEIGHT_AT, weight, true);
      });
      const merged = new Uint8Array(count * WIDTH[dtype]);
      let nonFinite = 0;
      let beyond = 0;
      for (const { from, length } of room.chunks()) {
        writeCuts(room, cuts, from);
        nonFinite += elections.elect(
          room.table,
          rows.length,
          padded(length),
          JOINING[joining],
          zeroSign,
          lambda,
          room.out,
          KIND[dtype],
          room.scratch,
        );
        merged.set(room.memory.subarray(room.out, room.out + length * WIDTH[dtype]), from * WIDTH[dtype]);
        nonFinite += elections.nonFiniteCount();
        beyond += elections.beyondCount();
      }
      return { bytes: merged, nonFinite, beyond };
    },
  };
}

type Room = ReturnType<typeof layOut>;

/** @param from place of the chunk's first weight in its run */
function writeCuts({ view, entryOf }: Room, cuts: readonly RunCut[], from: number): void {
  cuts.forEach(({ limit, until }, expert) => {
    view.setInt32(entryOf(expert + 1) + LIMIT_AT, limit, true);
    view.setInt32(entryOf(expert + 1) + UNTIL_AT, Math.min(Math.max(0, until - from), LARGEST_PLACE), true);
  });
}

/** A table, room for a chunk of each row, results that are zero, and what is in between; each chunk is copied when it is asked for. */
function layOut(elections: Elections, rows: readonly Row[], count: number, outBytes: number) {
  rows.forEach((row, i) => {
    const wanted = count * WIDTH[row.dtype];
    if (row.bytes.length !== wanted)
      throw new Error(`row ${i} has ${row.bytes.length} bytes, ${count} weights of ${row.dtype} take ${wanted}`);
  });
  const table = elections.heapStart();
  const entryOf = (row: number) => table + row * ENTRY_BYTES;
  let end = aligned(entryOf(rows.length));
  const places = rows.map(({ dtype }) => {
    const place = end;
    end = aligned(end + CHUNK * WIDTH[dtype]);
    return place;
  });
  const out = end;
  const scratch = aligned(out + outBytes);
  const needed = scratch + elections.scratchBytes(rows.length);
  if (!elections.reserve(needed)) throw new Error(`no memory for ${needed} bytes of weights`);
  // Views come after the reservation, which may have moved the memory.
  const memory = new Uint8Array(elections.memory.buffer as ArrayBuffer);
  const view = new DataView(memory.buffer);
  memory.fill(0, out, out + outBytes);
  rows.forEach(({ dtype }, i) => {
    view.setUint32(entryOf(i), places[i] as number, true);
    view.setInt32(entryOf(i) + 4, KIND[dtype], true);
  });
  function* chunks() {
    for (let from = 0; from < count; from += CHUNK) {
      const length = Math.min(CHUNK, count - from);
      rows.forEach((row, i) => {
        const place = places[i] as number;
        const width = WIDTH[row.dtype];
        memory.set(row.bytes.subarray(from * width, (from + length) * width), place);
        memory.fill(0, place + length * width, place + padded(length) * width);
      });
      yield { from, length };
    }
  }
  return { memory, view, table, entryOf, out, scratch, chunks };
}
