/** `studio leaderboard`: every method with its defaults on one mix and, when asked for, tuned at the same price. */
import { StudioError } from '../../engine/fault.ts';
import {
  type Board,
  type BoardEntry,
  type BoardOutcome,
  boardOf,
  boardOutcome,
  meanScore,
} from '../../formats/board.ts';
import type { Card } from '../../formats/card.ts';
import { parseLink } from '../../formats/link.ts';
import { openingRecipe, type Recipe } from '../../formats/recipe.ts';
import { withExperts } from '../../formats/recipe-experts.ts';
import { TUNE_BUDGET, tunedRecipe, tuningOf, tuningSpace } from '../../formats/tuning.ts';
import { metadata } from '../../methods/metadata.ts';
import { type Tuned, tune } from '../../pareto/search/tune.ts';
import { type Measurer, openMeasurer, splitSize } from '../measure-recipes.ts';
import { readCard } from './local.ts';
import { wholeNumber } from './whole-number.ts';

export interface LeaderboardOptions {
  readonly json: boolean;
  /** `all`, or ids separated by commas; the card's opening mix where it is missing. */
  readonly experts: string | undefined;
  /** `all`, or the first so many of each split. */
  readonly samples: string | undefined;
  /** Merges that each method may measure to be tuned, its default among them; nothing is tuned where it is missing. */
  readonly tune: string | undefined;
  /** Also what is trained by gradients. */
  readonly trained: boolean;
  /** Ids separated by commas, chains as links have them ("trim-each+task-arithmetic") among them; every method where it is missing. */
  readonly methods: string | undefined;
}

const FAMILY = 'glyph-vit';
const MAX_BUDGET = 1000;

/** How a merge is measured: on so many samples of each split. */
interface Ground {
  readonly card: Card;
  readonly tasks: readonly string[];
  readonly calibration: number;
  readonly test: number;
  readonly measurer: Measurer;
}

/** A mean accuracy that is not measured on the test split chose nothing: it is the calibration split that chooses. */
interface TunedRow {
  readonly outcome: BoardOutcome;
  readonly calibration: number;
  readonly evaluations: number;
  readonly controls: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly prepareMs: number;
  readonly combineMs: number;
  readonly outcome: BoardOutcome;
  readonly tuned?: TunedRow;
  /** Why nothing is tuned. */
  readonly untuned?: string;
}

export async function leaderboard(options: LeaderboardOptions): Promise<string> {
  const card = await readCard(FAMILY);
  const mix = mixOf(card, options.experts);
  const size = (split: 'test' | 'calibration') => splitSize(card, split);
  const samples = options.samples === 'all' ? undefined : options.samples;
  const test = wholeNumber('--samples', samples, size('test'), 1, size('test'));
  const budget = options.tune === undefined ? 0 : wholeNumber('--tune', options.tune, TUNE_BUDGET, 1, MAX_BUDGET);
  const { entries, leftOut } = chosenBoard(mix, card, options);
  for (const { name, reason } of leftOut) process.stderr.write(`left out: ${name}. ${reason}\n`);
  const measurer = await openMeasurer(card);
  const ground = { card, tasks: mix.experts, calibration: Math.min(test, size('calibration')), test, measurer };
  const rows: Row[] = [];
  for (const [i, entry] of entries.entries()) {
    process.stderr.write(`${i + 1} of ${entries.length}: ${entry.name}\n`);
    const row = await rowOf(entry, ground, budget);
    if (row) rows.push(row);
  }
  rows.sort((a, b) => b.outcome.average - a.outcome.average);
  const { calibration } = ground;
  const head = { family: card.family, experts: mix.experts, seed: mix.seed, n: { test, calibration }, budget };
  return options.json ? JSON.stringify({ ...head, rows: rows.map(plain), leftOut }, null, 2) : table(head, rows);
}

function mixOf(card: Card, wanted: string | undefined): Recipe {
  const opening = openingRecipe(card, metadata);
  if (wanted === undefined) return opening;
  const known = card.experts.map(({ id }) => id);
  const ids = wanted === 'all' ? known : wanted.split(',');
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined)
    throw new StudioError('recipe', `--experts: got "${stranger}", wanted all or some of ${known.join(',')}`);
  return withExperts(opening, ids, metadata, card);
}

/** The whole board, or what `--methods` names of it and chains besides. */
function chosenBoard(mix: Recipe, card: Card, { methods, trained }: LeaderboardOptions): Board {
  const board = boardOf(mix, metadata, card, { trained });
  if (methods === undefined) return board;
  const ids = methods.split(',');
  const entries = ids.flatMap((id): readonly BoardEntry[] => {
    if (id.includes('+')) return [{ id, name: id, recipe: chainRecipe(mix, card, id), trained: false }];
    const entry = board.entries.find((each) => each.id === id);
    if (!entry && !board.leftOut.some((each) => each.id === id))
      throw new StudioError(
        'recipe',
        `--methods: got "${id}", wanted ids of merge methods or presets (studio methods)`,
      );
    return entry ? [entry] : [];
  });
  return { entries, leftOut: board.leftOut.filter(({ id }) => ids.includes(id)) };
}

function chainRecipe(mix: Recipe, card: Card, id: string): Recipe {
  const parsed = parseLink(`#v=1&e=${mix.experts.join()}&m=${id}`, metadata, card);
  if (parsed.kind === 'refused') throw new StudioError('recipe', `--methods: ${id}: ${parsed.reason}`);
  if (parsed.notes.length > 0) throw new StudioError('recipe', `--methods: ${id}: ${parsed.notes.join(' ')}`);
  return { ...mix, chain: parsed.recipe.chain };
}

/** Undefined where the method cannot merge these experts. */
async function rowOf({ id, name, recipe }: BoardEntry, ground: Ground, budget: number): Promise<Row | undefined> {
  const times = await ground.measurer.load(recipe);
  const outcome = times && (await testOutcome(ground));
  if (!times || !outcome) return undefined;
  const row = { id, name, ...times, outcome };
  if (budget === 0) return row;
  const tuning = tuningOf(recipe, metadata);
  if (tuning.reason !== undefined) return { ...row, untuned: tuning.reason };
  const at = (values: readonly number[]) => tunedRecipe(recipe, metadata, tuning, values);
  const best = await tuned(tuningSpace(recipe, tuning), budget, ground, at);
  const winner = at(best.coefficients);
  const measured = (await ground.measurer.load(winner)) && (await testOutcome(ground));
  if (!measured) return row;
  const controls = Object.fromEntries(
    tuning.controls.map(({ method, key }) => [
      `${method}.${key}`,
      winner.chain.find((step) => step.method === method)?.controls[key],
    ]),
  );
  return { ...row, tuned: { outcome: measured, calibration: best.score, evaluations: best.evaluations, controls } };
}

async function testOutcome({ measurer, tasks, test, card }: Ground): Promise<BoardOutcome | undefined> {
  return boardOutcome(await measurer.count(tasks, 'test', test), tasks, card);
}

async function tuned(
  space: ReturnType<typeof tuningSpace>,
  budget: number,
  { measurer, tasks, calibration }: Ground,
  at: (values: readonly number[]) => Recipe,
): Promise<Tuned> {
  const search = tune({ ...space, budget });
  let step = search.next();
  while (!step.done) {
    // A merge that cannot be made is worth nothing.
    const loaded = await measurer.load(at(step.value));
    const score = loaded && meanScore(await measurer.count(tasks, 'calibration', calibration), tasks);
    step = search.next(score ?? 0);
  }
  return step.value;
}

const plain = ({ outcome, tuned: own, untuned, ...row }: Row) => ({
  ...row,
  ...told(outcome),
  ...(own && {
    tuned: { ...told(own.outcome), calibration: own.calibration, evaluations: own.evaluations, controls: own.controls },
  }),
  ...(untuned !== undefined && { untuned }),
});

const told = ({ average, low, high, worst, ofExperts, n }: BoardOutcome) => ({
  average,
  low,
  high,
  worst,
  ofExperts,
  n,
});

interface Head {
  readonly experts: readonly string[];
  readonly n: { readonly test: number; readonly calibration: number };
  readonly budget: number;
}

function table({ experts, n, budget }: Head, rows: readonly Row[]): string {
  const percent = (value: number) => (value * 100).toFixed(1).padStart(5);
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  const own = rows.map((row) => {
    const { average, low, high, worst, ofExperts } = row.outcome;
    const second = row.tuned ? percent(row.tuned.outcome.average) : (row.untuned ?? '');
    return `${row.id.padEnd(width)} ${row.prepareMs.toFixed(0).padStart(7)} ${row.combineMs.toFixed(1).padStart(7)}   ${percent(average)} [${percent(low)}, ${percent(high)}]   ${percent(worst.accuracy)} ${worst.task.padEnd(9)} ${percent(ofExperts)}   ${second}`.trimEnd();
  });
  const price = budget > 0 ? `; tuned on calibration, ${budget} merges each, n = ${n.calibration} per task` : '';
  return [
    `${experts.join(', ')}: test, n = ${n.test} per task${price}`,
    `${''.padEnd(width)} prepare combine   average   95 %           worst           % of     tuned`,
    `${''.padEnd(width)}      ms      ms      %                          %            experts  %`,
    ...own,
  ].join('\n');
}
