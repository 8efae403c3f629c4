import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { drawnPlan } from './drawn-plan.ts';
import { planOfNames } from './merge-plan.ts';
import { readMergekit } from './mergekit/template.ts';
import { readPlanVectors } from './plan-vectors.ts';
import { zipPlan } from './plan-zip.ts';

const axes = ['code', 'maths/v2'].map((name) => ({ name, min: 0, max: 1, perExpert: false }));
const line = (_: unknown, count: number) => Array.from({ length: count }, (_none, i) => [i / 10, 1 - i / 10]);
const plan = (count: number, known: readonly (readonly number[])[] = []) =>
  drawnPlan({ source: planOfNames(axes), count, seed: 1, design: line, unknowns: 6, known });

function vectors({ files }: ReturnType<typeof plan>) {
  const text = files.find(({ path }) => path === 'coefficients.csv')?.text ?? '';
  return [...readPlanVectors(text).vectors.values()];
}

it('plans as many merges as asked, and none that was measured', () => {
  expect(vectors(plan(2))).toEqual([
    [0, 1],
    [0.1, 0.9],
  ]);
  expect(vectors(plan(2, [[0.1, 0.9]]))).toEqual([
    [0, 1],
    [0.2, 0.8],
  ]);
});

it('says when the merges, with those measured, do not determine the surrogates', () => {
  expect(plan(3).notes.join()).toMatch(/3 merges do not determine the 6 unknowns per task of 2 coefficients/);
  const known = [5, 6, 7].map((i) => [i / 10, 1 - i / 10]);
  expect(plan(3, known).notes.join()).not.toMatch(/do not determine/);
});

it.each([0, 1001, 2.5])('refuses %d merges', (count) => {
  expect(() => plan(count)).toThrow(/wanted 1 to 1000/);
});

it('writes configurations of which only names are known so that mergekit reads them', () => {
  const text = plan(2).files.find(({ path }) => path === 'configs/merge-001.yaml')?.text ?? '';
  const template = readMergekit(text);
  expect(template).toMatchObject({ kind: 'template', method: 'task_arithmetic' });
  expect(text).toContain('./experts/maths/v2');
});

it('packs the same files into one archive, whose programs can be started', () => {
  const { files } = plan(2);
  const bytes = zipPlan(files, 'plan');
  const unpacked = unzipSync(bytes);
  expect(Object.keys(unpacked)).toEqual(files.map(({ path }) => `plan/${path}`));
  expect(new TextDecoder().decode(unpacked['plan/run.sh'])).toBe(files.find(({ path }) => path === 'run.sh')?.text);
  expect(bytes).toEqual(zipPlan(files, 'plan'));
  // Central directory: external attributes stand 38 bytes into an entry, name 46 bytes in; the mode is their upper half.
  const view = new DataView(bytes.buffer);
  const modes = new Map<string, number>();
  for (let at = 0; at < bytes.length - 46; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
    modes.set(name, view.getUint16(at + 40, true) & 0o777);
  }
  expect(modes.get('plan/run.sh')).toBe(0o755);
  expect(modes.get('plan/README.md')).toBe(0o644);
});
