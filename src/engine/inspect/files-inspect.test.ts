import { expect, it } from 'vitest';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32 } from '../../formats/safetensors/values.ts';
import { openCheckpoints } from '../files/open.ts';
import { differenceIn } from './difference.ts';
import { filesSource } from './files-inspect.ts';
import { tensorNamed } from './source.ts';
import { surveyTensor } from './survey.ts';

function fileOf(path: string, w: readonly number[], extra: readonly number[] = []) {
  const tensors = new Map([
    ['w', { dtype: 'F16' as const, shape: [w.length], bytes: fromFloat32(Float32Array.from(w), 'F16') }],
  ]);
  if (extra.length > 0)
    tensors.set('own', { dtype: 'F16', shape: [extra.length], bytes: fromFloat32(Float32Array.from(extra), 'F16') });
  const bytes = writeSafetensors(tensors);
  return { path, size: bytes.length, read: async (begin: number, end: number) => bytes.slice(begin, end) };
}

it('dropped files are inspected like networks; what only one of them has is told', async () => {
  const { checkpoints } = await openCheckpoints([
    fileOf('base.safetensors', [1, 0, 2]),
    fileOf('expert.safetensors', [1, 4, 5], [7]),
  ]);
  const [base, expert] = checkpoints.map(({ outline }) => outline.id);
  if (base === undefined || expert === undefined) throw new Error('both files open');
  const source = filesSource(checkpoints, base, [], () => ({ depth: null, group: null }));
  expect(source.models.map(({ role }) => role)).toEqual(['base', 'expert']);
  const survey = await surveyTensor(source, tensorNamed(source, 'w'));
  expect(survey.tensor.dtype).toBe('F16');
  expect(survey.changes?.[3]).toBe(25);
  expect(await differenceIn(source, tensorNamed(source, 'w'), expert, base)).toMatchObject({ norm: 5, most: 4, at: 1 });
  expect((await surveyTensor(source, tensorNamed(source, 'own'))).models.map((model) => model !== null)).toEqual([
    false,
    true,
  ]);
});
