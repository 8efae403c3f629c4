/** `studio map`: MAP over the coefficients of a recipe of the zoo, or over measurements that were made elsewhere. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_DIMENSIONS } from '../../core/random/sobol.ts';
import { StudioError } from '../../engine/fault.ts';
import type { Card, Scores } from '../../formats/card.ts';
import { coefficientsOf, withCoefficients } from '../../formats/coefficients.ts';
import { readLmEval } from '../../formats/lm-eval.ts';
import { type PointsTable, problemInWords, scoreOf } from '../../formats/points.ts';
import { readPointsCsv } from '../../formats/points-csv.ts';
import { readPointsJson } from '../../formats/points-json.ts';
import { DEFAULT_SEED, MAX_SEED, type Recipe } from '../../formats/recipe.ts';
import { metadata } from '../../methods/metadata.ts';
import { design, pointsNeeded, sampledBox, samplingRange } from '../../pareto/design/design.ts';
import { coverageOf, fitSurrogates, fittedR2, frontOf, goalValues, type Observed, worstOf } from '../../pareto/map.ts';
import type { Range } from '../../pareto/point.ts';
import { asPublished } from '../../pareto/published.ts';
import { PUBLISHED_BOX } from '../../pareto/surrogate/as-published.ts';
import { ACCURACY, LOSS } from '../../pareto/surrogate/link.ts';
import { taskObjectives } from '../../pareto/surrogate/objective.ts';
import { openMeasurer, type Split, splitSize } from '../measure-recipes.ts';
import { openLinkText } from './local.ts';
import { wholeNumber } from './whole-number.ts';

export interface MapOptions {
  readonly json: boolean;
  /** `2p`, `3p` … or a number of merges. */
  readonly evaluations: string | undefined;
  readonly seed: string | undefined;
  /** A .csv or .json file of measurements, or a folder of results, in place of a link. */
  readonly points: string | undefined;
  /** Tasks of that file whose values are to be small, separated by commas. */
  readonly minimise: string | undefined;
  /** Adds what the published fit and search box make of the same merges, to show why ours differ. */
  readonly asPublished: boolean;
}

const CANDIDATES = 16_384;
const DEFAULT_EVALUATIONS = '2p';
const MAX_EVALUATIONS = 5000;
/** Written by `studio plan`: which merge has which coefficients. */
const COEFFICIENTS = 'coefficients.csv';
const UNIT: Range = { min: 0, max: 1 };

/** Merges with what was measured of them, however that came about. */
interface Measured {
  readonly title: string;
  readonly coefficients: readonly string[];
  readonly tasks: readonly string[];
  /** What surrogates are fitted on. */
  readonly observed: readonly Observed[];
  /** As they are printed, one per observed merge. */
  readonly points: readonly object[];
  readonly minimised: readonly string[];
  readonly seed: number;
  /** What coefficients are measured in widths of. */
  readonly box: readonly Range[];
}

export async function map(link: string | undefined, options: MapOptions): Promise<string> {
  const measured = options.points === undefined ? await measure(link, options) : await read(options.points, options);
  const own = resultOf(measured);
  const result = options.asPublished ? { ...own, asPublished: publishedOf(measured) } : own;
  return options.json ? JSON.stringify(result, null, 2) : inWords(measured, result);
}

async function measure(link: string | undefined, options: MapOptions): Promise<Measured> {
  const { recipe, card, space, notes } = await openLinkText(link);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const axes = coefficientsOf(recipe, metadata, space);
  if (axes.length === 0)
    throw new StudioError('recipe', 'this method has no coefficient to vary; choose another method');
  checkDimensions(axes.length);
  const seed = wholeNumber('--seed', options.seed, recipe.seed, 0, MAX_SEED);
  const count = evaluations(options.evaluations ?? DEFAULT_EVALUATIONS, pointsNeeded(axes.length));
  const box = axes.map(({ min, max, expert }) => ({ min, max, perExpert: expert !== undefined }));
  const vectors = design(box, count, seed);
  const merges = await measureAll(
    vectors.map((c) => withCoefficients(recipe, metadata, c, space)),
    card,
  );
  const kept = vectors.flatMap((coefficients, i) => {
    const scores = merges[i];
    return scores ? [{ coefficients, ...scores }] : [];
  });
  return {
    title: recipe.chain.map(({ method }) => method).join(' + '),
    coefficients: axes.map(({ name }) => name),
    tasks: recipe.experts,
    observed: kept.map(({ coefficients, calibration }) => ({ coefficients, outcomes: calibration })),
    points: kept,
    minimised: [],
    seed,
    box: box.map(samplingRange),
  };
}

function checkDimensions(count: number): void {
  if (count <= MAX_DIMENSIONS) return;
  throw new StudioError(
    'recipe',
    `${count} coefficients are too many: designs are made for at most ${MAX_DIMENSIONS}; leave experts out, or take fewer groups of layers`,
  );
}

/** Calibration scores, by which is chosen, and test scores, which are reported, of every recipe; undefined where none can be made. */
async function measureAll(
  recipes: readonly Recipe[],
  card: Card,
): Promise<({ readonly calibration: Scores; readonly test: Scores } | undefined)[]> {
  const measurer = await openMeasurer(card);
  const measured = [];
  for (const [i, recipe] of recipes.entries()) {
    process.stderr.write(`merge ${i + 1} of ${recipes.length}\n`);
    const scores = (split: Split) => measurer.count(recipe.experts, split, splitSize(card, split));
    const loaded = await measurer.load(recipe);
    measured.push(loaded ? { calibration: await scores('calibration'), test: await scores('test') } : undefined);
  }
  return measured;
}

async function read(path: string, options: MapOptions): Promise<Measured> {
  const table = await readTable(path);
  for (const problem of table.problems) process.stderr.write(`${path}: ${problemInWords(table, problem)}\n`);
  if (table.rows.length === 0)
    throw new StudioError('recipe', `${path}: holds no merge that can be used; see the lines above`);
  const minimised = options.minimise?.split(',') ?? [];
  const stranger = minimised.find((task) => !table.tasks.includes(task));
  if (stranger !== undefined)
    throw new StudioError(
      'recipe',
      `--minimise: got "${stranger}", wanted tasks of the file: ${table.tasks.join(', ')}`,
    );
  const observed = table.rows.map((row) => ({ coefficients: row.coefficients, outcomes: outcomesOf(row, table) }));
  return {
    title: path,
    coefficients: table.coefficients,
    tasks: table.tasks,
    observed,
    points: observed.map(({ coefficients, outcomes }) => ({ coefficients, scores: outcomes })),
    minimised,
    seed: wholeNumber('--seed', options.seed, DEFAULT_SEED, 0, MAX_SEED),
    box: boxOf(observed, table.coefficients.length),
  };
}

/** Merges made elsewhere do not tell their units: [0, 1] where all coefficients lie in it, else the box that they span. */
function boxOf(observed: readonly Observed[], coefficients: number): readonly Range[] {
  const spanned = sampledBox(observed) ?? Array.from({ length: coefficients }, () => UNIT);
  if (spanned.every(({ min, max }) => min >= UNIT.min && max <= UNIT.max)) return spanned.map(() => UNIT);
  return spanned.map(({ min, max }) => (max > min ? { min, max } : { min, max: min + 1 }));
}

/** A .csv or .json of points, or a folder of results of lm-evaluation-harness beside the plan's coefficients.csv. */
async function readTable(path: string): Promise<PointsTable> {
  try {
    if ((await stat(path)).isDirectory()) return await readResults(path);
    const text = await readFile(path, 'utf8');
    return /\.json$/i.test(path) ? readPointsJson(text) : readPointsCsv(text);
  } catch (error) {
    throw new StudioError('recipe', `${path}: cannot be read (${error instanceof Error ? error.message : error})`);
  }
}

async function readResults(folder: string): Promise<PointsTable> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const open = (name: string) => readFile(join(folder, name), 'utf8');
  const results = names.filter((name) => /\.json$/i.test(name));
  const files = await Promise.all(results.map(async (name) => ({ path: name, text: await open(name) })));
  return readLmEval(files, names.includes(COEFFICIENTS) ? { coefficients: await open(COEFFICIENTS) } : {});
}

function outcomesOf(row: PointsTable['rows'][number], { tasks }: PointsTable): Observed['outcomes'] {
  return Object.fromEntries(
    tasks.flatMap((task) => {
      const score = scoreOf(row, task);
      if (!score) return [];
      const { value, n } = score;
      return [[task, n === undefined ? { value } : { value, n }]];
    }),
  );
}

function resultOf({ coefficients, tasks, observed, points, minimised, seed, box }: Measured) {
  const isAccuracy = (task: string) =>
    observed.every(({ outcomes }) => {
      const outcome = outcomes[task];
      return !outcome || 'correct' in outcome || (0 <= outcome.value && outcome.value <= 1);
    });
  const metrics = Object.fromEntries(tasks.map((task) => [task, isAccuracy(task) ? ACCURACY : LOSS]));
  const objectives = taskObjectives(tasks, minimised);
  const surrogates = fitSurrogates({ observed, tasks, metrics, box });
  const front = frontOf({ surrogates, objectives, observed, seed, candidates: CANDIDATES });
  const values = goalValues(observed, objectives);
  const natural = tasks.every((task) => metrics[task] === ACCURACY && !minimised.includes(task));
  const reference = natural ? tasks.map(() => 0) : worstOf(values, tasks.length);
  const signed = (rows: readonly (readonly number[])[]) =>
    rows.map((row) => row.map((value, m) => (minimised.includes(tasks[m] ?? '') ? -value : value)));
  const predicted = front.map(({ values: own }) => own);
  const measuredVolume = coverageOf(values, reference).volume;
  const predictedVolume = coverageOf(signed(predicted), reference).volume;
  return {
    coefficientNames: coefficients,
    points,
    fits: tasks.map((task) => {
      const surrogate = surrogates.get(task);
      const link = metrics[task]?.link;
      if (!surrogate) return { task, link, coefficients: null, r2: null, looR2: null, looRmse: null };
      const r2 = fittedR2(surrogate, observed, task) ?? null;
      const { beta, looR2 = null, looRmse } = surrogate;
      return { task, link, coefficients: [...beta], r2, looR2, looRmse };
    }),
    front: front.map(({ coefficients: c, values: own }) => ({
      coefficients: c,
      predicted: Object.fromEntries(tasks.map((task, m) => [task, own[m] ?? null])),
    })),
    hypervolume: measuredVolume.value,
    hypervolumeIsEstimated: measuredVolume.estimated,
    predictedHypervolume: front.length > 0 ? predictedVolume.value : null,
    referencePoint: signed([reference])[0] ?? [],
  };
}

/** Beside our own result, to show why ours differs. */
function publishedOf({ observed, tasks, minimised }: Measured) {
  const { fits, front } = asPublished(
    observed,
    tasks.map((key) => ({ key, minimised: minimised.includes(key) })),
  );
  return {
    note: 'the published fit and search box, for comparison only: most of the box is extrapolation',
    fits: fits.map(({ key, fit }) => ({
      task: key,
      state: fit.state,
      coefficients: 'beta' in fit ? [...fit.beta] : null,
      r2: 'r2' in fit ? fit.r2 : null,
    })),
    searchBox: PUBLISHED_BOX,
    frontVectors: front?.map(({ coefficients }) => coefficients) ?? null,
  };
}

/** `2p` is twice the unknowns of one quadratic. */
function evaluations(text: string, unknowns: number): number {
  const [, times, plain] = /^(?:(\d{1,3})p|(\d{1,5}))$/.exec(text) ?? [];
  const count = times === undefined ? Number(plain ?? Number.NaN) : Number(times) * unknowns;
  if (count >= unknowns && count <= MAX_EVALUATIONS) return count;
  throw new StudioError(
    'recipe',
    `--evaluations: got "${text}", wanted 2p (twice the ${unknowns} unknowns) or a number from ${unknowns} to ${MAX_EVALUATIONS}`,
  );
}

function inWords({ title, observed, tasks }: Measured, result: ReturnType<typeof resultOf>): string {
  const quality = result.fits.map(({ task, r2, looR2, looRmse }) =>
    r2 === null
      ? `${task.padEnd(12)} too few merges for a surrogate`
      : `${task.padEnd(12)} R² ${r2.toFixed(3)}   leave-one-out R² ${looR2?.toFixed(3) ?? '–'}   RMSE ${looRmse?.toFixed(4)}`,
  );
  return [
    `${title}: ${observed.length} measured merges, ${tasks.length} tasks`,
    ...quality,
    `predicted front: ${result.front.length} vectors`,
    `hypervolume of the measured merges ${result.hypervolume.toFixed(4)}${result.hypervolumeIsEstimated ? ' (estimated)' : ''}, predicted ${result.predictedHypervolume?.toFixed(4) ?? '–'}, reference ${result.referencePoint.join(', ')}`,
  ].join('\n');
}
