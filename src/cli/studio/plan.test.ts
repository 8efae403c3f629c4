import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readPlanVectors } from '../../formats/plan-vectors.ts';
import { type PlanOptions, plan } from './plan.ts';

let folder = '';
let told = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-plan-'));
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += text;
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

function planTo(name: string, from: string | undefined, options: Partial<PlanOptions> = {}): Promise<string> {
  const none = { json: false, points: undefined, seed: undefined, tasks: undefined, force: false };
  return plan(from, { ...none, out: join(folder, name), ...options });
}

async function vectorsIn(name: string): Promise<number[][]> {
  const { vectors } = readPlanVectors(await readFile(join(folder, name, 'coefficients.csv'), 'utf8'));
  return [...vectors.values()].map((values) => [...values]);
}

it('writes a plan for a link: base, experts and evenly spread vectors between', async () => {
  const printed = await planTo('plan', '#v=1&e=digits,greek', { points: '7', tasks: 'hellaswag' });
  expect(printed).toBe(
    `${join(folder, 'plan')}: 7 merges (Task Arithmetic of digits, greek), seed 1\nREADME.md, coefficients.csv, run.sh, run.slurm, run_ray.py, collect.py, configs/*.yaml\nNext: ${join(folder, 'plan', 'README.md')}`,
  );
  expect(told).toBe('');
  expect((await readdir(join(folder, 'plan', 'configs'))).length).toBe(7);
  const vectors = await vectorsIn('plan');
  expect(vectors.slice(0, 3)).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(vectors.flat().every((value) => 0 <= value && value <= 1)).toBe(true);
  expect(new Set(vectors.map(String)).size).toBe(7);
  expect((await stat(join(folder, 'plan', 'run.sh'))).mode & 0o111).toBe(0o111);
  expect(await readFile(join(folder, 'plan', 'run.sh'), 'utf8')).toContain(':-hellaswag}"\n');
});

it('plans twice as many merges as unknowns, and tells when they are too few', async () => {
  const { merges, seed, notes } = JSON.parse(await planTo('plan', '#v=1&e=digits,greek,kana', { json: true }));
  expect({ merges, seed, notes }).toEqual({ merges: 20, seed: 1, notes: [] });
  await planTo('few', '#v=1&e=digits,greek,kana', { points: '9' });
  expect(told).toBe('9 merges do not determine the 10 unknowns per task of 3 coefficients; 20 do it well.\n');
});

it('draws the same plan from the same seed, and another from another', async () => {
  for (const [name, seed] of Object.entries({ a: '5', b: '5', c: '6' })) {
    await planTo(name, '#v=1&e=digits,greek', { points: '12', seed });
  }
  expect(await vectorsIn('b')).toEqual(await vectorsIn('a'));
  expect(await vectorsIn('c')).not.toEqual(await vectorsIn('a'));
});

it('leaves out what a weighted mean cannot be made of', async () => {
  await planTo('plan', '#v=1&e=digits,greek&m=weight-average', { points: '8' });
  const vectors = await vectorsIn('plan');
  expect(vectors).toHaveLength(8);
  expect(vectors[0]).toEqual([1, 0]);
});

it('writes a plan for a mergekit configuration, and keeps the rest of it', async () => {
  const path = join(folder, 'mine.yaml');
  const text = `merge_method: task_arithmetic
base_model: org/base # kept
models:
  - model: org/math
    parameters:
      weight: 0.5
  - model: org/code
    parameters: {weight: 0.25}
dtype: bfloat16
`;
  await writeFile(path, text);
  await planTo('plan', path, { points: '6' });
  const [, , third = []] = await vectorsIn('plan');
  const config = await readFile(join(folder, 'plan', 'configs', 'merge-002.yaml'), 'utf8');
  expect(third).toEqual([0, 1]);
  expect(config).toBe(text.replace('0.5', '0').replace('0.25', '1'));
});

it('never overwrites unasked', async () => {
  await mkdir(join(folder, 'plan'));
  await writeFile(join(folder, 'plan', 'mine.txt'), 'mine');
  await expect(planTo('plan', '#v=1')).rejects.toThrow(
    `${join(folder, 'plan')} is not empty (mine.txt, …): choose another folder, or overwrite with --force`,
  );
  expect(await readdir(join(folder, 'plan'))).toEqual(['mine.txt']);
  await planTo('plan', '#v=1', { force: true });
  expect(await readFile(join(folder, 'plan', 'mine.txt'), 'utf8')).toBe('mine');
});

it('never mixes a plan with results of another, not even by force', async () => {
  await mkdir(join(folder, 'plan', 'results'), { recursive: true });
  await expect(planTo('plan', '#v=1', { force: true })).rejects.toThrow(
    `${join(folder, 'plan', 'results')} is of an earlier plan, whose merges have the same names but other coefficients: move it away, or choose another folder`,
  );
});

it.each<[string | undefined, Partial<PlanOptions>, string]>([
  [undefined, {}, "a link or a mergekit configuration is missing, for example '#v=1' or merge.yaml"],
  ['#v=1', { out: undefined }, 'where to write is missing: --out plan/'],
  ['#v=1', { points: '0' }, '--points: got "0", wanted a whole number from 1 to 1000'],
  ['#v=1', { points: '4e1' }, '--points: got "4e1", wanted a whole number from 1 to 1000'],
  ['#v=1', { seed: '-1' }, '--seed: got "-1", wanted a whole number from 0 to 4294967295'],
  ['#v=1', { tasks: 'a b' }, 'tasks: got “a b”, wanted names separated by commas, such as hellaswag,arc_easy'],
  ['#v=1&m=iso-c', {}, 'mergekit has no counterpart of Iso-C: choose one of Arcee Fusion, '],
  ['none.yaml', {}, 'none.yaml: cannot be read (ENOENT'],
  ['plan', {}, '"plan" is no link of the studio: it has no part "#v=…"'],
])('refuses %s with %j in one sentence, and writes nothing', async (from, options, message) => {
  await expect(planTo('plan', from, options)).rejects.toThrow(message);
  expect(await readdir(folder)).toEqual([]);
});

it('tells every problem of a configuration by its line', async () => {
  const path = join(folder, 'bad.yml');
  await writeFile(path, 'merge_method: ties\nmodels:\n- model: a\n- model: b\n  parameters: {weight: x}\n');
  await expect(planTo('plan', path)).rejects.toThrow(
    `${path}:3: the weight of “a” is missing: give it “parameters: { weight: 0.5 }”, so that it can be varied.\n${path}:5: the weight of “b”: got “x”, wanted a number such as 0.5.`,
  );
});
