import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { g1 } from './parts/g1.ts';
import ram from './ram.ts';
import ramPlus from './ram-plus.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };

test('changes that all experts share are averaged', async () => {
  const { values } = await run(ram, models);
  const mean = await run(taskArithmetic, models, { controls: { lambda: [1 / 3, 1 / 3, 1 / 3] } });
  mustAgree(values, mean.values, 1e-6);
});

test('one expert is itself, but for changes up to ε', async () => {
  const one = { ...models, experts: [g1.experts[0]] };
  mustAgree((await run(ram, one)).values, g1.experts[0], 1e-6);
  const { values } = await run(ram, one, { controls: { epsilon: Math.log10(0.35) } });
  mustAgree(values, [1.5, -1, -0.5, 2, 1.9, -0.5, 0.25, -0.5], 1e-6);
});

test('an ε above every change gives the base, bit for bit', async () => {
  const small = { shapes: [[2]], base: [0.1, 1], experts: [[0.5, 1.25]] };
  mustAgree((await run(ram, small, { controls: { epsilon: 0 } })).values, [0.1, 1], 0);
});

test('without a reward RAM+ is RAM, with both ways of counting', async () => {
  const wanted = (await run(ram, models, { controls: { epsilon: -0.6 } })).values;
  for (const scope of ['tensor', 'network']) {
    for (const none of [{ r: 0 }, { alpha: 0 }]) {
      expect((await run(ramPlus, models, { controls: { epsilon: -0.6, scope, ...none } })).values).toEqual(wanted);
    }
  }
});

test('RAM+ counts in each tensor or over the network', async () => {
  // The first expert shares both weights of the first tensor and owns both of the second.
  const given = {
    shapes: [[2], [2]],
    base: [0, 0, 0, 0],
    experts: [
      [2, 2, 1, 1],
      [4, 4, 0, 0],
    ],
  };
  const controls = { r: 1, alpha: 3 };
  const tensor = await run(ramPlus, given, { controls });
  mustAgree(tensor.values, [3, 3, 1, 1], 1e-6);
  const network = await run(ramPlus, given, { controls: { ...controls, scope: 'network' } });
  mustAgree(network.values, [3, 3, 2, 2], 1e-6);
});
