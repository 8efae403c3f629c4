import { describe, expect, it } from 'vitest';
import { createReceiver } from './hand-over.ts';

function setup() {
  const used: number[] = [];
  const receiver = createReceiver(({ weights }) => used.push(weights[0] ?? Number.NaN));
  const hand = (merge: number) => receiver.take({ merge, weights: Float32Array.of(merge) });
  return { receiver, used, hand };
}

const state = async (promise: Promise<void>) => {
  let settled = 'waiting';
  promise.then(
    () => {
      settled = 'here';
    },
    (error: Error) => {
      settled = error.message;
    },
  );
  await new Promise((resolve) => setTimeout(resolve));
  return settled;
};

describe('weights that are handed over', () => {
  it('are waited for, and then are in use', async () => {
    const { receiver, used, hand } = setup();
    const arrival = receiver.arrival(1);
    expect(await state(arrival)).toBe('waiting');
    hand(1);
    expect(await state(arrival)).toBe('here');
    expect(used).toEqual([1]);
    expect(await state(receiver.arrival(1))).toBe('here');
  });

  it('of a pack come with the network of each task', () => {
    const used: unknown[] = [];
    const receiver = createReceiver((networks) => used.push(networks));
    const perTask = { digits: Float32Array.of(2) };
    receiver.take({ merge: 1, weights: Float32Array.of(1), perTask });
    expect(used).toEqual([{ weights: Float32Array.of(1), perTask }]);
  });

  it('are not waited for when they were given up, before or after', async () => {
    const { receiver, hand } = setup();
    const before = receiver.arrival(1);
    receiver.giveUp(1);
    expect(await state(before)).toMatch(/merge 1, which will not come/);
    expect(await state(receiver.arrival(1))).toMatch(/merge 1/);
    const next = receiver.arrival(2);
    hand(2);
    expect(await state(next)).toBe('here');
  });

  it('of a newer merge end the wait for an older one', async () => {
    const { receiver, hand } = setup();
    const old = receiver.arrival(1);
    hand(2);
    expect(await state(old)).toMatch(/merge 1/);
    expect(await state(receiver.arrival(1))).toMatch(/merge 1/);
  });
});
