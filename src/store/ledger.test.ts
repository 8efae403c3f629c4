import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedger } from './ledger.ts';

/** The runs that a cut at these places makes of [0, end). */
function runs(end: number, cuts: readonly number[]) {
  const places = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < end), end])].sort((a, b) => a - b);
  return places.slice(1).map((to, i) => ({ from: places[i] ?? 0, to }));
}

describe('the ledger', () => {
  it('adds up runs in whatever order they were counted', () => {
    const setting = fc.record({
      answers: fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
      cuts: fc.array(fc.nat(200)),
      order: fc.array(fc.nat()),
    });
    fc.assert(
      fc.property(setting, ({ answers, cuts, order }) => {
        const ledger = createLedger();
        const right = (from: number, to: number) => answers.slice(from, to).filter(Boolean).length;
        const shuffled = runs(answers.length, cuts)
          .map((run, i) => ({ run, key: order[i] ?? i }))
          .sort((a, b) => a.key - b.key);
        for (const { run } of shuffled)
          ledger.add(
            'm',
            { task: 't', split: 'test', ...run },
            { correct: right(run.from, run.to), n: run.to - run.from },
          );
        expect(ledger.score('m', 't', 'test', answers.length)).toEqual({
          correct: right(0, answers.length),
          n: answers.length,
        });
        expect(ledger.missing('m', ['t'], 'test', answers.length)).toEqual([]);
      }),
    );
  });

  it('gives no score while a sample is missing, and says from where to count on', () => {
    const ledger = createLedger();
    ledger.add('m', { task: 't', split: 'test', from: 64, to: 128 }, { correct: 60, n: 64 });
    expect(ledger.score('m', 't', 'test', 128)).toBeUndefined();
    expect(ledger.missing('m', ['t'], 'test', 128)).toEqual([{ task: 't', split: 'test', from: 0, to: 128 }]);
    ledger.add('m', { task: 't', split: 'test', from: 0, to: 64 }, { correct: 10, n: 64 });
    expect(ledger.score('m', 't', 'test', 64)).toEqual({ correct: 10, n: 64 });
    expect(ledger.score('m', 't', 'test', 128)).toEqual({ correct: 70, n: 128 });
    expect(ledger.missing('m', ['t'], 'test', 256)).toEqual([{ task: 't', split: 'test', from: 128, to: 256 }]);
  });

  it('gives scores of several tasks only when it has all of them', () => {
    const ledger = createLedger();
    ledger.add('m', { task: 'a', split: 'test', from: 0, to: 64 }, { correct: 1, n: 64 });
    expect(ledger.scores('m', ['a', 'b'], 'test', 64)).toBeUndefined();
    ledger.add('m', { task: 'b', split: 'test', from: 0, to: 64 }, { correct: 2, n: 64 });
    expect(ledger.scores('m', ['a', 'b'], 'test', 64)).toEqual({ a: { correct: 1, n: 64 }, b: { correct: 2, n: 64 } });
  });

  it('keeps merges, tasks and splits apart', () => {
    const ledger = createLedger();
    ledger.add('m', { task: 't', split: 'test', from: 0, to: 64 }, { correct: 7, n: 64 });
    expect(ledger.score('other', 't', 'test', 64)).toBeUndefined();
    expect(ledger.score('m', 'other', 'test', 64)).toBeUndefined();
    expect(ledger.score('m', 't', 'calibration', 64)).toBeUndefined();
  });

  it('forgets the merge that was touched longest ago, and never one of the last 2,000', () => {
    const ledger = createLedger();
    const add = (id: string, from = 0) =>
      ledger.add(id, { task: 't', split: 'test', from, to: from + 1 }, { correct: 1, n: 1 });
    for (let i = 0; i < 2000; i++) add(`m${i}`);
    add('m0', 1);
    add('new');
    expect(ledger.score('m1', 't', 'test', 1)).toBeUndefined();
    for (const id of ['m0', 'm2', 'm1999', 'new'])
      expect(ledger.score(id, 't', 'test', 1)).toEqual({ correct: 1, n: 1 });
  });
});
