/** The kernels of assembly/ranks.ts, which work in a memory of their own: numbers are copied there and results back. */
import bytes from 'virtual:kernels/ranks';
import { plainRanks, type Ranks } from '../../../core/stats/ranked.ts';
import { openModule } from '../../wasm-module.ts';

/** What assembly/ranks.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  reserve(end: number): number;
  count(list: number, end: number, low: number, shift: number, out: number): void;
  larger(list: number, end: number, below: number): number;
  between(list: number, end: number, low: number, high: number, out: number): number;
}

const WORD = 4;
const LANES = 4;
/** Below all patterns, as a number with a sign. */
const NO_PATTERN = 0xffffffff;

const padded = (length: number) => Math.ceil(length / LANES) * LANES;

let opened: Promise<Ranks> | undefined;

/** Opened when they are first asked for. Those in typed arrays where 128-bit SIMD is missing. */
export const openRanks = (): Promise<Ranks> => {
  opened ??= openModule<Exports>(bytes).then((kernels) => (kernels ? ranksOf(kernels) : plainRanks));
  return opened;
};

function ranksOf(kernels: Exports): Ranks {
  const begin = kernels.heapStart();
  /** @param room words behind the list @returns all words from the list on */
  const put = (list: Uint32Array, room: number): Uint32Array => {
    const words = padded(list.length) + room;
    if (!kernels.reserve(begin + words * WORD)) throw new Error(`no memory for ${words} numbers`);
    const memory = new Uint32Array(kernels.memory.buffer as ArrayBuffer, begin, words);
    memory.set(list);
    memory.fill(NO_PATTERN, list.length, padded(list.length));
    return memory;
  };
  const wordsOf = (list: Uint32Array) => begin + list.length * WORD;
  return {
    counts(lists, low, shift, steps) {
      const all = new Int32Array(steps);
      for (const list of lists) {
        const out = padded(list.length);
        const memory = put(list, steps);
        memory.fill(0, out);
        kernels.count(begin, wordsOf(list), low, shift, begin + out * WORD);
        // In range: there is a counter for each step.
        for (let step = 0; step < steps; step++) all[step] = (all[step] as number) + (memory[out + step] as number);
      }
      return all;
    },
    larger(list, below) {
      put(list, 0);
      return kernels.larger(begin, begin + padded(list.length) * WORD, below);
    },
    between(lists, low, high, number) {
      const all = new Uint32Array(number);
      let found = 0;
      for (const list of lists) {
        const from = padded(list.length);
        const memory = put(list, number + LANES);
        const out = begin + from * WORD;
        const end = kernels.between(begin, out, low, high, out);
        const here = memory.subarray(from, from + (end - out) / WORD);
        all.set(here, found);
        found += here.length;
      }
      return all.subarray(0, found);
    },
  };
}
