import { expect, test } from 'vitest';
import { bytesReader, channel } from '../../testing/threads.testing.ts';
import { crewOf, serve } from './crew.ts';
import { openKernels } from './kernels.ts';

test('where a thread ends, its work fails in words, and the others do what comes then', async () => {
  const [here, there] = channel();
  serve(there, openKernels(), bytesReader());
  let end = () => {};
  const crew = crewOf([
    here,
    {
      post: () => {},
      listen: (_, ended) => {
        end = ended ?? end;
      },
    },
  ]);
  const rows = [{ dtype: 'F32', bytes: new Uint8Array(Float32Array.of(1, 2).buffer) }] as const;
  const task = { kind: 'sum', rows, count: 2, dtype: 'F32' } as const;
  const lost = crew.run(task, 1);
  end();
  await expect(lost).rejects.toThrow('A thread that merges ended');
  expect(new Float32Array((await crew.run(task, 1)).bytes.buffer)).toEqual(Float32Array.of(1, 2));
});
