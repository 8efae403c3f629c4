import type { Score } from '../formats/card.ts';
import type { Slice } from './protocol.ts';

/** Samples that one call counts: long enough to hide the message, short enough that a moved slider hardly waits for it (some 10 ms). */
const UNIT = 32;

/** Cuts slices into units, tasks in turn, so that every task gets its first numbers early. */
function units(slices: readonly Slice[]): Slice[] {
  const cut = slices.map((slice) => {
    const parts: Slice[] = [];
    for (let from = slice.from; from < slice.to; from += UNIT)
      parts.push({ ...slice, from, to: Math.min(slice.to, from + UNIT) });
    return parts;
  });
  const longest = Math.max(0, ...cut.map((parts) => parts.length));
  return Array.from({ length: longest }, (_, round) => cut.flatMap((parts) => parts[round] ?? [])).flat();
}

/** How long an evaluator that makes room waits before it looks again. */
const ROOM_MS = 8;

export interface PoolOptions {
  /** Asked before each unit: false leaves the rest undone. */
  readonly wanted: () => boolean;
  /** Asked before each unit: true leaves the last evaluator idle, so that the page has a processor of its own. */
  readonly makeRoom?: () => boolean;
  readonly onScore: (slice: Slice, score: Score) => void;
}

/**
 * Shares slices among evaluators: each takes the next unit when it is free.
 * @returns a function that resolves when all units are counted or no longer wanted
 */
export function createPool(evaluators: readonly ((slice: Slice) => Promise<Score>)[]) {
  return async (slices: readonly Slice[], { wanted, makeRoom, onScore }: PoolOptions): Promise<void> => {
    const queue = units(slices);
    const work = async (count: (slice: Slice) => Promise<Score>, place: number) => {
      const last = place > 0 && place === evaluators.length - 1;
      while (queue.length > 0 && wanted()) {
        if (last && makeRoom?.()) {
          await new Promise((resolve) => setTimeout(resolve, ROOM_MS));
          continue;
        }
        const unit = queue.shift();
        if (unit) onScore(unit, await count(unit));
      }
    };
    const stop = (error: unknown) => {
      queue.length = 0;
      throw error;
    };
    // All have come to rest before a failure is told: a straggler would count with the weights of the next merge.
    const ends = await Promise.allSettled(evaluators.map((count, place) => work(count, place).catch(stop)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
}
