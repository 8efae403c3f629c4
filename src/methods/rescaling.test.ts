import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import rescale from './rescaling.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

// Mean changes [4, 8] and [1]; norms of the task vectors 5 and 13 in the first tensor, 1 and 1 in the second.
const models: Models = {
  shapes: [[2], [1]],
  base: [1, 1, 1],
  experts: [
    [4, 5, 2],
    [6, 13, 2],
  ],
};
const size = (values: Float32Array, from: number, to: number) => Math.hypot(...values.subarray(from, to));

test('per tensor, every tensor’s change gets the experts’ mean length there', async () => {
  const { values } = await run(rescale, models, { controls: { to: 'tensor' } });
  mustAgree([size(values, 0, 2), size(values, 2, 3)], [9, 1], 1e-5);
});

test('over the network, the change gets the mean of the whole lengths', async () => {
  const { values } = await run(rescale, models, { controls: { to: 'network', s: 0.5 } });
  mustAgree([size(values, 0, 3)], [(Math.hypot(3, 4, 1) + Math.hypot(5, 12, 1)) / 4], 1e-5);
});

test('a change that is zero stays zero', async () => {
  const cancelling = {
    shapes: [[2]],
    base: [1, 1],
    experts: [
      [2, 0],
      [0, 2],
    ],
  };
  for (const to of ['itself', 'network', 'tensor']) {
    expect([...(await run(rescale, cancelling, { controls: { to } })).values]).toEqual([0, 0]);
  }
});
