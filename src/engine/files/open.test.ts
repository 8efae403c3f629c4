import { expect, test } from 'vitest';
import { llama70bSources } from '../testing/llama70b.testing.ts';
import { openCheckpoints } from './open.ts';

test('a sharded model of 70 billion parameters opens from its headers, quickly', async () => {
  const sources = llama70bSources();
  expect(sources).toHaveLength(15 + 2);
  const started = performance.now();
  const { checkpoints, problems } = await openCheckpoints(sources);
  const took = performance.now() - started;
  expect(problems).toEqual([]);
  expect(checkpoints).toHaveLength(1);
  expect(checkpoints[0]?.outline).toMatchObject({ id: 'Llama-2-70b-hf', name: 'Llama-2-70b-hf', kind: 'weights' });
  expect(checkpoints[0]?.outline.tensors).toHaveLength(723);
  expect(took).toBeLessThan(300);
});
