/** `npm run study`: measures MAP's figures on the real zoo, about an hour on two cores, and writes docs/study/map.{json,md}. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitSize } from '../measure-recipes.ts';
import { readCard } from '../studio/local.ts';
import { type FitResult, fitStudy } from './fit-study.ts';
import { type FrontResult, frontStudy } from './front-study.ts';
import { openMeasuredMerges } from './measured-merges.ts';
import { asMarkdown, type Results } from './report.ts';
import { FIT_SETS, FRONT_SETS, TEST_SAMPLES } from './sizes.ts';

const FAMILY = 'glyph-vit';
const KEPT = join('.cache', 'study-merges');
const OUTPUT = join('docs', 'study');
/** Shares and accuracies: more digits say nothing. */
const DIGITS = 5;

const card = await readCard(FAMILY);
const samples = { calibration: splitSize(card, 'calibration'), test: TEST_SAMPLES };
const merges = await openMeasuredMerges(card, samples, KEPT);

const fits: FitResult[] = [];
for (const set of FIT_SETS) {
  announce(`surrogates of ${set.experts.join(', ')}`);
  fits.push(...(await fitStudy(merges, set)));
}
const fronts: FrontResult[] = [];
for (const set of FRONT_SETS) {
  announce(`front of ${set.experts.join(', ')}`);
  fronts.push(await frontStudy(merges, set));
}
const results: Results = { family: FAMILY, samples, fits, fronts };
await mkdir(OUTPUT, { recursive: true });
await writeFile(join(OUTPUT, 'map.json'), `${JSON.stringify(results, rounded, 2)}\n`);
await writeFile(join(OUTPUT, 'map.md'), asMarkdown(results));

function announce(what: string): void {
  process.stderr.write(`${what} …\n`);
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(DIGITS)) : value;
}
