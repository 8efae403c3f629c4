import { describe, expect, it } from 'vitest';
import { design } from './design/design.ts';
import { type FitRequest, fitSurrogates, type Observed } from './map.ts';
import { accuracyAt, BETAS, expectClose } from './quadratic.testing.ts';
import { createStream } from './stream.ts';

const axes = [0, 1].map(() => ({ min: 0, max: 1, perExpert: true }));
const TASKS = ['a', 'b'];
const measured = (n: number): Observed[] =>
  design(axes, 14, 5).map((coefficients) => ({
    coefficients,
    outcomes: Object.fromEntries(
      TASKS.map((task, t) => [task, { correct: Math.round(n * accuracyAt(BETAS[t as 0 | 1], coefficients)), n }]),
    ),
  }));
const request = (observed: readonly Observed[]): FitRequest => ({ observed, tasks: TASKS });

function expectSame(got: ReturnType<typeof fitSurrogates>, observed: readonly Observed[]) {
  const wanted = fitSurrogates(request(observed));
  expect([...got.keys()]).toEqual([...wanted.keys()]);
  for (const [task, { beta, looRmse }] of wanted) {
    expectClose(got.get(task)?.beta ?? [], beta, 1e-9);
    expect(got.get(task)?.looRmse).toBeCloseTo(looRmse, 9);
  }
}

describe('a stream of points', () => {
  it('gives at every step what fitting all of them gives', () => {
    const stream = createStream();
    const all = measured(512);
    for (let count = 1; count <= all.length; count++) {
      expectSame(stream(request(all.slice(0, count))), all.slice(0, count));
    }
  });

  it('begins again when a point is gone, was measured anew, or something else is fitted', () => {
    const stream = createStream();
    const all = measured(512);
    stream(request(all));
    expectSame(stream(request(all.slice(3))), all.slice(3));
    const anew = [...all.slice(0, 6), ...measured(2048).slice(6)];
    expectSame(stream(request(anew)), anew);
    const one = stream({ observed: all, tasks: ['a'] });
    expect([...one.keys()]).toEqual(['a']);
    expectSame(stream(request(all)), all);
  });

  it('is no worse for points that come in another order', () => {
    const stream = createStream();
    const all = measured(512);
    stream(request(all.slice(7)));
    expectSame(stream(request(all)), all);
  });
});
