import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyZoo } from '../../engine/testing/tiny-zoo.testing.ts';
import type { Measurer } from '../measure-recipes.ts';
import { openMeasuredMerges } from './measured-merges.ts';

const { card } = tinyZoo();
const SAMPLES = { calibration: 8, test: 16 };
const VECTORS = [
  [0, 0],
  [0.1 + 0.2, 1],
];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merge-studio-study-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Counts the same for every merge, and what it was asked for. */
async function open() {
  const asked = { loaded: 0, counted: 0 };
  const measurer: Measurer = {
    load: async () => {
      asked.loaded++;
      return { prepareMs: 0, combineMs: 0 };
    },
    count: async (tasks, _split, n) => {
      asked.counted++;
      return Object.fromEntries(tasks.map((task) => [task, { correct: n / 2, n }]));
    },
  };
  return { asked, merges: await openMeasuredMerges(card, SAMPLES, folder, async () => measurer) };
}

it('measures no merge twice, not even after a stop', async () => {
  const first = await open();
  const measured = await first.merges.measure(['digits', 'greek'], VECTORS, 'calibration');
  expect(measured.map(({ coefficients }) => coefficients)).toEqual(VECTORS);
  expect(measured[0]?.outcomes).toEqual({ digits: { correct: 4, n: 8 }, greek: { correct: 4, n: 8 } });
  const second = await open();
  expect(await second.merges.measure(['digits', 'greek'], VECTORS, 'calibration')).toEqual(measured);
  expect(second.asked).toEqual({ loaded: 0, counted: 0 });
});

it('measures other experts, splits and coefficients anew, and merges once for both splits', async () => {
  const { asked, merges } = await open();
  const [one = []] = VECTORS;
  await merges.measure(['digits', 'greek'], [one], 'calibration');
  await merges.measure(['digits', 'greek'], [one], 'test');
  expect(asked).toEqual({ loaded: 1, counted: 2 });
  await merges.measure(['digits', 'kana'], [one], 'test');
  expect(asked).toEqual({ loaded: 2, counted: 3 });
});

it('goes on after a line that was torn, and loses no other', async () => {
  const { merges } = await open();
  const [one = [], two = []] = VECTORS;
  await merges.measure(['digits', 'greek'], [one], 'test');
  const [file = ''] = await readdir(folder);
  await appendFile(join(folder, file), '\n{"experts":["dig');
  const again = await open();
  await again.merges.measure(['digits', 'greek'], [one, two], 'test');
  expect(again.asked.counted).toBe(1);
  const last = await open();
  await last.merges.measure(['digits', 'greek'], [one, two], 'test');
  expect(last.asked.counted).toBe(0);
});

it('refuses experts in another order than the card’s', async () => {
  const { merges } = await open();
  expect(() => merges.axes(['greek', 'digits'])).toThrow(
    "experts: got greek, digits, wanted the card's order: digits, greek",
  );
});
