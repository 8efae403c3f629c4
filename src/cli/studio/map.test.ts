import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { resultsJson } from '../../formats/lm-eval.testing.ts';
import { accuracyAt, BETAS } from '../../pareto/quadratic.testing.ts';
import { type MapOptions, map } from './map.ts';

const OPTIONS: MapOptions = {
  json: true,
  evaluations: undefined,
  seed: undefined,
  points: undefined,
  minimise: undefined,
  asPublished: false,
};
const ticks = [0, 0.25, 0.5, 0.75, 1];
const rows = ticks.flatMap((x) =>
  ticks.map((y) => [x, y, ...BETAS.map((beta) => accuracyAt(beta, [x, y]).toFixed(6))]),
);
const csv = [
  'coefficient.a,coefficient.b,task.one,task.two',
  ...rows.map((row) => row.join()),
  '0.1,oops,0.5,0.5',
  '0.2,0.3,0.9,1.2.3',
].join('\n');

let folder = '';
let said: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merge-studio-map-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function mapFile(name: string, text: string, options: Partial<MapOptions> = {}) {
  const path = join(folder, name);
  await writeFile(path, text);
  said = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((line) => said.push(String(line)) > 0);
  try {
    return await map(undefined, { ...OPTIONS, ...options, points: path });
  } finally {
    spy.mockRestore();
  }
}

it('fits measurements from elsewhere, and names every bad row by its line', async () => {
  const result = JSON.parse(await mapFile('results.csv', csv));
  expect(result.points).toHaveLength(25);
  expect(result.fits.map(({ task, link }: { task: string; link: string }) => [task, link])).toEqual([
    ['one', 'sigmoid'],
    ['two', 'sigmoid'],
  ]);
  for (const { coefficients, r2, looR2 } of result.fits) {
    expect(coefficients).toHaveLength(6);
    expect(Math.min(r2, looR2)).toBeGreaterThan(0.99);
  }
  expect(result.referencePoint).toEqual([0, 0]);
  expect(result.predictedHypervolume).toBeGreaterThan(result.hypervolume);
  expect(result.front.length).toBeGreaterThan(20);
  expect(said.join('')).toMatch(/line 27: .*oops/);
  expect(said.join('')).toMatch(/line 28: .*1\.2\.3/);
});

it('takes losses as such, to be small when told so', async () => {
  const losses = [
    'coefficient.a,coefficient.b,task.loss,task.one',
    ...rows.map(([x, y, one]) => `${x},${y},${1 + (Number(x) - 0.5) ** 2 + Number(y)},${one}`),
  ].join('\n');
  const result = JSON.parse(await mapFile('losses.csv', losses, { minimise: 'loss' }));
  expect(result.fits[0]).toMatchObject({ task: 'loss', link: 'identity' });
  expect(result.referencePoint[0]).toBeCloseTo(2.25, 6);
  const best = Math.min(...result.front.map(({ predicted }: { predicted: { loss: number } }) => predicted.loss));
  expect(best).toBeCloseTo(1, 2);
});

it('reads the results of a plan from its folder', async () => {
  const plan = join(folder, 'plan');
  await mkdir(join(plan, 'results'), { recursive: true });
  const ids = rows.map((_, i) => `merge-${String(i).padStart(3, '0')}`);
  const vectors = rows.map(([x, y], i) => `${ids[i]},${x},${y}`);
  await writeFile(join(plan, 'coefficients.csv'), ['id,coefficient.a,coefficient.b', ...vectors].join('\n'));
  for (const [i, [, , one, two]] of rows.entries()) {
    const results = { arc: { 'acc,none': Number(one) }, law: { 'acc,none': Number(two) } };
    await writeFile(join(plan, 'results', `${ids[i]}.json`), resultsJson({ model: `models/${ids[i]}`, results }));
  }
  const result = JSON.parse(await map(undefined, { ...OPTIONS, points: plan }));
  expect(result.coefficientNames).toEqual(['a', 'b']);
  expect(result.points).toHaveLength(25);
  expect(result.fits.map(({ task }: { task: string }) => task)).toEqual(['arc', 'law']);
  expect(result.fits[0].looR2).toBeGreaterThan(0.99);
});

it('sets what the published fit and box make of it beside its own, on request', async () => {
  const { asPublished, front } = JSON.parse(await mapFile('results.csv', csv, { asPublished: true }));
  expect(asPublished.note).toMatch(/for comparison only/);
  expect(asPublished.fits.map(({ task }: { task: string }) => task)).toEqual(['one', 'two']);
  expect(asPublished.fits[0].state).toMatch(/converged|diverged/);
  expect(asPublished.searchBox).toEqual({ min: -3, max: 3 });
  const beyond = (vectors: number[][]) => vectors.some((c) => c.some((value) => value < 0 || value > 1));
  expect(beyond(front.map(({ coefficients }: { coefficients: number[] }) => coefficients))).toBe(false);
  if (asPublished.frontVectors) expect(beyond(asPublished.frontVectors)).toBe(true);
  expect(JSON.parse(await mapFile('results.csv', csv)).asPublished).toBeUndefined();
});

it('says what it needs', async () => {
  await expect(map(undefined, { ...OPTIONS, points: join(folder, 'none.csv') })).rejects.toThrow(
    /none\.csv: cannot be read/,
  );
  await expect(mapFile('empty.csv', 'coefficient.a,task.b\n')).rejects.toThrow(/holds no merge that can be used/);
  await expect(mapFile('results.csv', csv, { minimise: 'three' })).rejects.toThrow(
    'got "three", wanted tasks of the file: one, two',
  );
  await expect(map('#v=1', { ...OPTIONS, evaluations: '3' })).rejects.toThrow(/--evaluations: got "3", wanted 2p/);
  await expect(map('#v=1', { ...OPTIONS, seed: '-1' })).rejects.toThrow(/--seed: got "-1"/);
});

it('prints a summary for people', async () => {
  const text = await mapFile('results.csv', csv, { json: false });
  expect(text).toMatch(/25 measured merges, 2 tasks/);
  expect(text).toMatch(/one +R² (0\.99|1\.00)/);
});
