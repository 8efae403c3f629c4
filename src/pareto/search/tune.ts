/**
 * Tuning at a stated price: the best of so many merges, without derivatives. First the default, then one common factor on all
 * coefficients, then a compass search (Hooke and Jeeves 1961) with shrinking steps around the best, whose sweeps end with a jump to
 * where parabolas through the probes peak.
 */
import type { Range } from '../point.ts';
import { randomSearch } from './baselines.ts';
import { parabolaPeak } from './parabola.ts';

export interface TuneOptions {
  readonly box: readonly Range[];
  /** The default, which is measured first. */
  readonly start: readonly number[];
  /** Merges in all, the default among them; at least 1. */
  readonly budget: number;
}

export interface Tuned {
  readonly coefficients: readonly number[];
  readonly score: number;
  /** Score of the default. */
  readonly first: number;
  readonly evaluations: number;
}

/** Between two common factors that are tried. */
const FACTOR = 1.6;
/** Share of the budget that the common factor may take. */
const SCAN_SHARE = 1 / 4;
/** Steps of the compass, in widths of the box. */
const FIRST_STEP = 1 / 8;
const LAST_STEP = 1 / 1000;
/** Draws from the whole box for what is left once the steps are too small. */
const FILL_SEED = 1;

type Ask = (c: readonly number[]) => Generator<readonly number[], number | undefined, number>;

interface Best {
  c: readonly number[];
  score: number;
}

/**
 * Yields the next coefficient vector to measure and takes its score, larger is better; returns the best of all. No vector is asked
 * for twice, and exactly `budget` are asked for unless the box holds fewer. The same scores give the same search.
 */
export function* tune({ box, start, budget }: TuneOptions): Generator<readonly number[], Tuned, number> {
  if (budget < 1) throw new Error(`a tuning of ${budget} merges; wanted at least 1`);
  const seen = new Map<string, number>();
  const first = yield start;
  seen.set(start.join(), first);
  const best: Best = { c: start, score: first };

  /** Undefined when the budget is spent. */
  const ask: Ask = function* (wanted) {
    const c = wanted.map((value, i) => (value === start[i] ? value : placed(value, box[i])));
    const key = c.join();
    const known = seen.get(key);
    if (known !== undefined || seen.size >= budget) return known;
    const score = yield c;
    seen.set(key, score);
    if (score > best.score) Object.assign(best, { c, score });
    return score;
  };

  if (box.length > 0) {
    yield* scan(ask, best, Math.floor((budget - 1) * SCAN_SHARE));
    yield* compass(ask, best, box, () => budget - seen.size);
    for (const c of randomSearch(box, budget, FILL_SEED)) yield* ask(c);
  }
  return { coefficients: best.c, score: best.score, first, evaluations: seen.size };
}

/** One factor on all coefficients: away from 1 while it gets better, then to the peak of a parabola in its logarithm. */
function* scan(ask: Ask, best: Best, most: number): Generator<readonly number[], void, number> {
  const { c: start, score: first } = best;
  const scores = new Map([[0, first]]);
  const scaled = (exponent: number) => start.map((value) => value * FACTOR ** exponent);
  for (const direction of [1, -1]) {
    for (let exponent = direction; scores.size <= most; exponent += direction) {
      const score = yield* ask(scaled(exponent));
      if (score === undefined) return;
      scores.set(exponent, score);
      // Where only proportions count, a common factor changes nothing.
      if (exponent === 1 && score === first) return;
      if (score <= (scores.get(exponent - direction) ?? first)) break;
    }
    // It got better on this side: the other side is worse.
    if (best.score > first) break;
  }
  const [peak] = [...scores].reduce((high, next) => (next[1] > high[1] ? next : high));
  const [before, after] = [scores.get(peak - 1), scores.get(peak + 1)];
  if (before !== undefined && after !== undefined)
    yield* ask(scaled(peak + parabolaPeak(before, scores.get(peak) ?? first, after)));
}

function* compass(
  ask: Ask,
  best: Best,
  box: readonly Range[],
  left: () => number,
): Generator<readonly number[], void, number> {
  /** Which way to look first along each coefficient: where it got better last. */
  const ways = box.map(() => 1);
  for (let step = FIRST_STEP; step >= LAST_STEP && left() > 0; ) {
    const before = { ...best };
    const peaks = yield* sweep(ask, best, { ways, box, step, left });
    const jump = best.c.map((value, i) => value + (value - (before.c[i] ?? value)) + (peaks[i] ?? 0));
    yield* ask(jump);
    if (best.score <= before.score) step /= 2;
  }
}

interface Sweep {
  readonly ways: number[];
  readonly box: readonly Range[];
  /** In widths of the box. */
  readonly step: number;
  readonly left: () => number;
}

/** Looks once to both sides along each coefficient. @returns by coefficient how far off the peak of its parabola is */
function* sweep(
  ask: Ask,
  best: Best,
  { ways, box, step, left }: Sweep,
): Generator<readonly number[], readonly number[], number> {
  const peaks = box.map(() => 0);
  for (const [i, { min, max }] of box.entries()) {
    const { c, score } = best;
    const way = ways[i] ?? 1;
    const by = way * step * (max - min);
    const moved = (offset: number) => c.map((value, j) => (i === j ? value + offset : value));
    // The last merge of the budget is for the jump.
    if (left() <= 1) break;
    const ahead = yield* ask(moved(by));
    if (ahead === undefined || best.score > score || left() <= 1) continue;
    const back = yield* ask(moved(-by));
    if (back === undefined) continue;
    if (best.score > score) ways[i] = -way;
    else if (within(c[i], by, box[i])) peaks[i] = by * parabolaPeak(back, score, ahead);
  }
  return peaks;
}

const within = (value = 0, by: number, { min, max }: Range = UNIT) =>
  value - Math.abs(by) >= min && value + Math.abs(by) <= max;

const UNIT: Range = { min: 0, max: 1 };

/** Inside the box, and no finer than a thousandth of the power of ten that holds its width. */
function placed(value: number, { min, max }: Range = UNIT): number {
  const digits = Math.min(12, 3 + Math.max(0, Math.ceil(-Math.log10(max - min || 1))));
  return Math.min(max, Math.max(min, Number(value.toFixed(digits))));
}
