import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Score } from '../formats/card.ts';
import { createPool } from './pool.ts';
import type { Slice } from './protocol.ts';

const slice = (task: string, from: number, to: number): Slice => ({ task, split: 'test', from, to });
const always = () => true;
const QUIETLY = { wanted: always, onScore: () => {} };

/** Evaluators that take their turns in an order of their own, and note what they counted. */
function evaluators(count: number, turns: (i: number) => number) {
  const counted: Slice[] = [];
  let most = 0;
  let busy = 0;
  const evaluate = async (part: Slice): Promise<Score> => {
    busy++;
    most = Math.max(most, busy);
    counted.push(part);
    for (let i = turns(counted.length); i > 0; i--) await Promise.resolve();
    busy--;
    return { correct: 0, n: part.to - part.from };
  };
  return { pool: createPool(Array.from({ length: count }, () => evaluate)), counted, most: () => most };
}

describe('the pool', () => {
  it('counts every sample once, whatever the number of evaluators and their pace', async () => {
    const setting = fc.record({
      ends: fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 1, max: 600 })), { maxLength: 6 }),
      workers: fc.integer({ min: 1, max: 5 }),
      pace: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(setting, async ({ ends, workers, pace }) => {
        const slices = ends.map(([from, length], i) => slice(`t${i}`, from, from + length));
        const { pool, counted } = evaluators(workers, (i) => (i * pace) % 13);
        const told: Slice[] = [];
        const onScore = (part: Slice, { n }: { n: number }) => {
          expect(n).toBe(part.to - part.from);
          told.push(part);
        };
        await pool(slices, { wanted: always, onScore });
        expect(new Set(told)).toEqual(new Set(counted));
        for (const { task, from, to } of slices) {
          const parts = counted.filter((part) => part.task === task).sort((a, b) => a.from - b.from);
          expect(parts[0]?.from).toBe(from);
          expect(parts.at(-1)?.to).toBe(to);
          for (const [i, part] of parts.entries()) {
            expect(part.to - part.from).toBeLessThanOrEqual(32);
            if (i > 0) expect(part.from).toBe(parts[i - 1]?.to);
          }
        }
      }),
    );
  });

  it('takes tasks in turn, so that each has its first numbers early', async () => {
    const { pool, counted } = evaluators(1, () => 0);
    await pool([slice('a', 0, 96), slice('b', 0, 32), slice('c', 32, 96)], QUIETLY);
    expect(counted.map(({ task, from }) => `${task}${from}`)).toEqual(['a0', 'b0', 'c32', 'a32', 'c64', 'a64']);
  });

  it('keeps every evaluator busy', async () => {
    const { pool, most } = evaluators(3, () => 5);
    await pool([slice('a', 0, 640)], QUIETLY);
    expect(most()).toBe(3);
  });

  it('leaves the last evaluator idle while room is to be made, and only then', async () => {
    const counts = [0, 0];
    const slow = (place: number) => async (part: Slice) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      counts[place] = (counts[place] ?? 0) + 1;
      return { correct: 0, n: part.to - part.from };
    };
    let room = true;
    const makeRoom = () => {
      if ((counts[0] ?? 0) >= 20) room = false;
      return room;
    };
    let idle = -1;
    const onScore = () => {
      if (room) idle = counts[1] ?? 0;
    };
    await createPool([slow(0), slow(1)])([slice('a', 0, 3200)], { wanted: always, makeRoom, onScore });
    expect(idle).toBe(0);
    expect(counts[1]).toBeGreaterThan(0);
    const alone = evaluators(1, () => 0);
    await alone.pool([slice('a', 0, 96)], { ...QUIETLY, makeRoom: () => true });
    expect(alone.counted, 'an only evaluator goes on').toHaveLength(3);
  });

  it('starts nothing more once the work is no longer wanted, but tells what was counted', async () => {
    const { pool, counted } = evaluators(2, () => 3);
    const told: Slice[] = [];
    await pool([slice('a', 0, 6400)], { wanted: () => counted.length < 4, onScore: (part) => told.push(part) });
    expect(counted).toHaveLength(4);
    expect(told).toHaveLength(4);
  });

  it('fails when an evaluator fails, after all others have come to rest', async () => {
    let counted = 0;
    let resting = true;
    const broken = async () => {
      throw new Error('boom');
    };
    const slow = async () => {
      resting = false;
      for (let i = 0; i < 50; i++) await Promise.resolve();
      counted++;
      resting = true;
      return { correct: 0, n: 64 };
    };
    await expect(createPool([broken, slow, slow])([slice('a', 0, 6400)], QUIETLY)).rejects.toThrow('boom');
    expect(resting).toBe(true);
    expect(counted, 'only what had been started').toBe(2);
  });
});
