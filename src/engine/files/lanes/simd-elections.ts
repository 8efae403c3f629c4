/** The kernels of assembly/elections.ts, which work in a memory of their own: rows are copied there and results back. */

import bytes from 'virtual:kernels/elections';
import type { Bounds, Found } from '../../../core/stats/bracket.ts';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import { openModule } from '../../wasm-module.ts';
import {
  BLOCK,
  type ElectionKernels,
  MOST_UNDECIDED,
  outputIn,
  type Row,
  type RunCut,
  type Sums,
  type Voting,
} from './kernels.ts';
import { ALIGNMENT, aligned, CHUNK, KIND, padded } from './simd-layout.ts';

/** What assembly/elections.ts exports. */
interface Elections {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  reserve(end: number): number;
  scratchBytes(): number;
  magnitudes(...addressesAndSizes: number[]): void;
  bracket(...addressesAndSizes: number[]): void;
  balance(...addressesAndSizes: number[]): number;
  /** @returns 1 where a change is not finite */
  elect(...addressesAndSizes: number[]): number;
  nonFiniteCount(): number;
  beyondCount(): number;
}

const JOINING = { mean: 0, sum: 1, max: 2 } as const;
const ENTRY_BYTES = 32;
const FIRST = 8;
const SECOND = 12;
const THIRD = 16;
const FOURTH = 20;
const FIFTH = 24;
const RESULT_BYTES = 32;
const PATTERN_BYTES = 4;
const LARGEST_PLACE = 2 ** 31 - 1;

/** @returns undefined where 128-bit SIMD is missing */
export async function openSimdElections(): Promise<ElectionKernels | undefined> {
  const elections = await openModule<Elections>(bytes);
  if (!elections) return undefined;
  return {
    magnitudes(rows, count) {
      const experts = rows.length - 1;
      const all = new Uint32Array(experts * count);
      const { pieces, table, out, scratch, patternsAt } = layOut(
        elections,
        rows,
        count,
        experts * CHUNK * PATTERN_BYTES,
      );
      for (const { from, length } of pieces()) {
        elections.magnitudes(table, rows.length, padded(length), out, scratch);
        for (let expert = 0; expert < experts; expert++)
          all.set(patternsAt(out, expert * padded(length), length), expert * count + from);
      }
      return all;
    },
    bracket(rows, count, bounds) {
      const ends = CHUNK / BLOCK;
      const outBytes = rows.length * RESULT_BYTES + bounds.length * (CHUNK + ends) * PATTERN_BYTES;
      const room = layOut(elections, rows, count, outBytes);
      const parts: Found[][] = [];
      for (const { length } of room.pieces()) {
        const part = bracketPiece(elections, room, rows.length, length, bounds);
        if (!part) return undefined;
        parts.push(part);
      }
      return bounds.map((_, expert) => joined(parts.flatMap((part) => part[expert] ?? [])));
    },
    balance(rows, count, cuts) {
      const room = layOut(elections, rows, count, 0);
      const weights = cuts.map(() => 1);
      let votes = 0;
      for (const { from, length } of room.pieces()) {
        writeCuts(room, cuts, weights, from);
        votes += elections.balance(room.table, rows.length, padded(length), room.scratch);
      }
      return votes;
    },
    elect(rows, count, { cuts, ...voting }, dtype, to) {
      const room = layOut(elections, rows, count, CHUNK * WIDTH[dtype]);
      const merge = merging(elections, room, voting, dtype, outputIn(to, count, dtype));
      for (const piece of room.pieces()) {
        writeCuts(room, cuts, voting.weights, piece.from);
        merge.add(piece);
      }
      return merge.sums();
    },
    decide(rows, count, { bounds, ...voting }, dtype, to) {
      const most = Math.floor(count / MOST_UNDECIDED);
      // One piece may be undecided as a whole.
      const places = most + CHUNK;
      const outBytes = aligned(CHUNK * WIDTH[dtype]);
      const room = layOut(elections, rows, count, outBytes + ALIGNMENT + (rows.length + 1) * places * PATTERN_BYTES);
      const { memory, view, entryOf } = room;
      const aside = room.out + outBytes;
      const undecided = () => view.getUint32(aside, true);
      view.setUint32(aside, 0, true);
      const cuts = bounds.map(({ low }) => ({ limit: low, until: LARGEST_PLACE }));
      writeCuts(room, cuts, voting.weights, 0);
      bounds.forEach(({ high }, expert) => {
        view.setInt32(entryOf(expert + 1) + FOURTH, high + 1, true);
      });
      const merge = merging(elections, room, voting, dtype, outputIn(to, count, dtype));
      const above = bounds.map(() => count);
      for (const piece of room.pieces()) {
        merge.add(piece, { aside, places });
        if (undecided() > most) return undefined;
        // What fills the last eight up are zeros, and below the bounds.
        const zeros = padded(piece.length) - piece.length;
        for (let expert = 0; expert < above.length; expert++)
          above[expert] = (above[expert] as number) + zeros - view.getInt32(entryOf(expert + 1) + FIFTH, true);
      }
      const listOf = (index: number, width: number) => {
        const from = aside + ALIGNMENT + index * places * PATTERN_BYTES;
        return memory.slice(from, from + undecided() * width);
      };
      return {
        ...merge.sums(),
        above,
        undecided: {
          places: new Uint32Array(listOf(0, PATTERN_BYTES).buffer),
          rows: rows.map(({ dtype }, row) => ({ dtype, bytes: listOf(row + 1, WIDTH[dtype]) })),
        },
      };
    },
  };
}

type Room = ReturnType<typeof layOut>;

/** Pieces of an election, one after the other. */
function merging(elections: Elections, room: Room, voting: Voting, dtype: WeightDtype, bytes: Uint8Array<ArrayBuffer>) {
  const { memory, table, rows, out, scratch } = room;
  const { zeroSign, lambda } = voting;
  const [how, kind, width] = [JOINING[voting.joining], KIND[dtype], WIDTH[dtype]];
  let nonFinite = 0;
  let beyond = 0;
  return {
    add({ from, length }: Piece, { aside, places } = { aside: 0, places: 0 }) {
      const count = padded(length);
      const to = [out, kind, scratch, from, aside, places];
      nonFinite += elections.elect(table, rows, count, how, zeroSign, lambda, ...to);
      bytes.set(memory.subarray(out, out + length * width), from * width);
      nonFinite += elections.nonFiniteCount();
      beyond += elections.beyondCount();
    },
    sums: (): Sums => ({ bytes, nonFinite, beyond }),
  };
}

interface Piece {
  readonly from: number;
  readonly length: number;
}

function bracketPiece(elections: Elections, room: Room, rows: number, length: number, bounds: readonly Bounds[]) {
  const { view, table, entryOf, out, scratch, patternsAt } = room;
  bounds.forEach(({ low, high, heavy }, expert) => {
    const entry = entryOf(expert + 1);
    view.setInt32(entry + FIRST, low, true);
    view.setInt32(entry + SECOND, high, true);
    view.setInt32(entry + THIRD, heavy[0], true);
    view.setInt32(entry + FOURTH, heavy[1], true);
  });
  elections.bracket(table, rows, padded(length), out, scratch);
  const blocks = Math.ceil(length / BLOCK);
  const lists = out + rows * RESULT_BYTES;
  const allEnds = lists + bounds.length * padded(length) * PATTERN_BYTES;
  // What fills the last eight up are zeros.
  const zeros = padded(length) - length;
  const found: Found[] = [];
  for (const [expert, { low, heavy }] of bounds.entries()) {
    const result = out + expert * RESULT_BYTES;
    const number = (index: number) => view.getInt32(result + index * PATTERN_BYTES, true);
    if (number(4) !== 0) return undefined;
    const counted = heavy.map((pattern, i) => number(1 + i) - (pattern === 0 ? zeros : 0));
    const collected = number(3) - (low <= 0 && !heavy.includes(0) ? zeros : 0);
    const others = patternsAt(lists, expert * padded(length), collected).slice();
    const ends = patternsAt(allEnds, expert * blocks, blocks).map((end) => Math.min(end, collected));
    found.push({ above: number(0), heavy: [counted[0] ?? 0, counted[1] ?? 0], others, ends });
  }
  return found;
}

function joined(parts: readonly Found[]): Found {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const sum = (count: (part: Found) => number) => parts.reduce((total, part) => total + count(part), 0);
  const others = new Uint32Array(sum((part) => part.others.length));
  const ends = new Uint32Array(sum((part) => part.ends.length));
  let at = 0;
  let block = 0;
  for (const part of parts) {
    others.set(part.others, at);
    for (const end of part.ends) ends[block++] = at + end;
    at += part.others.length;
  }
  const heavy = [sum((part) => part.heavy[0]), sum((part) => part.heavy[1])] as const;
  return { above: sum(({ above }) => above), heavy, others, ends };
}

/** @param from place of the piece's first weight in its run */
function writeCuts({ view, entryOf }: Room, cuts: readonly RunCut[], weights: readonly number[], from: number): void {
  cuts.forEach(({ limit, until }, expert) => {
    const entry = entryOf(expert + 1);
    view.setInt32(entry + FIRST, limit, true);
    view.setInt32(entry + SECOND, Math.min(Math.max(0, until - from), LARGEST_PLACE), true);
    view.setFloat32(entry + THIRD, weights[expert] ?? 0, true);
    view.setInt32(entry + FOURTH, limit, true);
  });
}

/** A table, room for a piece of each row and for results, and what is in between; each piece is copied when it is asked for. */
function layOut(elections: Elections, rows: readonly Row[], count: number, outBytes: number) {
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
  const needed = scratch + elections.scratchBytes();
  if (!elections.reserve(needed)) throw new Error(`no memory for ${needed} bytes of weights`);
  // Views come after the reservation, which may have moved the memory.
  const memory = new Uint8Array(elections.memory.buffer as ArrayBuffer);
  const view = new DataView(memory.buffer);
  rows.forEach(({ dtype }, i) => {
    view.setUint32(entryOf(i), places[i] as number, true);
    view.setInt32(entryOf(i) + 4, KIND[dtype], true);
  });
  function* pieces(): Generator<Piece> {
    for (let from = 0; from < count; from += CHUNK) {
      const length = Math.min(CHUNK, count - from);
      rows.forEach(({ dtype, copy }, i) => {
        const place = places[i] as number;
        const width = WIDTH[dtype];
        copy(from * width, memory.subarray(place, place + length * width));
        memory.fill(0, place + length * width, place + padded(length) * width);
      });
      yield { from, length };
    }
  }
  /** @param first place of the first pattern, counted from the address */
  const patternsAt = (address: number, first: number, length: number) =>
    new Uint32Array(memory.buffer, address + first * PATTERN_BYTES, length);
  return { memory, view, table, rows: rows.length, entryOf, out, scratch, pieces, patternsAt };
}
