import catalogue from 'virtual:catalogue';
import { describe, expect, it } from 'vitest';
import { boardOf } from '../formats/board.ts';
import type { Scores } from '../formats/card.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { TUNE_BUDGET, tuningOf } from '../formats/tuning.ts';
import type { BoardNext, Standings } from './board.ts';
import { boardScope, nextMerge, standingOf, untunable, withFound } from './board-next.ts';

const mix = openingRecipe(card, catalogue);
const { entries } = boardOf(mix, catalogue, card, { trained: true });
const all = entries.map(({ id }) => id);
const scoresOf = (correct: number): Scores =>
  Object.fromEntries(mix.experts.map((task) => [task, { correct, n: 100 }]));
const info = { readout: null, footprint: null, prepareMs: 5, combineMs: 1, change: 1 };

interface Run {
  readonly asked: readonly BoardNext[];
  readonly standings: Standings;
}

/** Measures whatever is wanted, until nothing is. */
function finish(
  run: Parameters<typeof nextMerge>[0],
  answer: (next: BoardNext) => number = () => 50,
  start: Standings = {},
): Run {
  const asked: BoardNext[] = [];
  let standings = start;
  for (let next = nextMerge(run, entries, standings, card); next; next = nextMerge(run, entries, standings, card)) {
    asked.push(next);
    const scores = scoresOf(answer(next));
    standings = withFound(standings, { next, calibration: scores, test: scores, info });
    if (asked.length > entries.length * (TUNE_BUDGET + 2)) throw new Error('the board does not end');
  }
  return { asked, standings };
}

/** The first control of the merge step that is a number for each expert. */
const coefficientsOf = ({ recipe }: BoardNext) =>
  recipe.chain.flatMap(({ controls }) => Object.values(controls).filter((value) => typeof value === 'object')).flat();

describe('the leaderboard', () => {
  it('measures every method once with its defaults, on both splits', () => {
    const { asked, standings } = finish({ measure: all, tune: [] });
    expect(asked.map(({ entry }) => entry)).toEqual(all);
    for (const { kind, splits } of asked) expect([kind, ...splits]).toEqual(['default', 'calibration', 'test']);
    for (const id of all) expect(standings[id]).toMatchObject({ first: { prepareMs: 5 }, scores: [0.5], tuned: null });
  });

  it('tunes each at the same price on calibration, and reports the best on test', () => {
    const { asked, standings } = finish({ measure: [], tune: all });
    for (const entry of entries) {
      const own = asked.filter((next) => next.entry === entry.id);
      const trials = own.filter(({ kind }) => kind === 'trial');
      if (untunable(entry)) {
        expect(own, entry.id).toHaveLength(1);
        continue;
      }
      expect(tuningOf(entry.recipe, catalogue).controls.length).toBeGreaterThan(0);
      expect(trials, entry.id).toHaveLength(TUNE_BUDGET - 1);
      expect(new Set(trials.map(({ splits }) => splits.join()))).toEqual(new Set(['calibration']));
      expect(own.at(-1)).toMatchObject({ kind: 'tuned', splits: ['test'] });
      expect(standings[entry.id]?.tuned).not.toBeNull();
    }
  });

  it('keeps the default where nothing was better, and takes what was', () => {
    const [first] = entries.filter((entry) => !untunable(entry));
    if (!first) throw new Error('something can be tuned');
    const flat = finish({ measure: [], tune: [first.id] });
    expect(flat.standings[first.id]?.tuned?.recipe).toEqual(first.recipe);
    let best = 0;
    const climbing = finish({ measure: [], tune: [first.id] }, ({ kind }) => (kind === 'default' ? 20 : 21 + best++));
    const last = climbing.asked.filter(({ kind }) => kind === 'trial').at(-1);
    expect(climbing.standings[first.id]?.tuned?.recipe).toEqual(last?.recipe);
  });

  it('goes on where it was stopped, with the same merges', () => {
    const id = entries.find((entry) => !untunable(entry))?.id ?? '';
    const answer = (next: BoardNext) => Math.round(10 * (coefficientsOf(next)[0] ?? 0)) + 40;
    const whole = finish({ measure: [], tune: [id] }, answer);
    let standings: Standings = {};
    const asked: BoardNext[] = [];
    for (let i = 0; i < 7; i++) {
      const next = nextMerge({ measure: [], tune: [id] }, entries, standings, card);
      if (!next) throw new Error('there is more to do');
      asked.push(next);
      const scores = scoresOf(answer(next));
      standings = withFound(standings, { next, calibration: scores, test: scores, info });
    }
    const rest = finish({ measure: [], tune: [id] }, answer, JSON.parse(JSON.stringify(standings)));
    expect([...asked, ...rest.asked].map(({ mergeId }) => mergeId)).toEqual(whole.asked.map(({ mergeId }) => mergeId));
  });

  it('tells what cannot be merged, and goes on; a trial that fails is worth nothing', () => {
    const [first, second] = entries;
    if (!first || !second) throw new Error('there are two methods');
    const next = nextMerge({ measure: all, tune: [] }, entries, {}, card);
    if (!next) throw new Error('there is work');
    const failed = withFound({}, { next, failure: 'Σ = 0' });
    expect(failed[first.id]).toMatchObject({ first: null, failure: 'Σ = 0' });
    expect(nextMerge({ measure: all, tune: all }, entries, failed, card)?.entry).toBe(second.id);
    const tunable = entries.find((entry) => !untunable(entry));
    if (!tunable) throw new Error('something can be tuned');
    const run = { measure: [], tune: [tunable.id] };
    const { standings } = finish({ measure: [tunable.id], tune: [] });
    const trial = nextMerge(run, entries, standings, card);
    if (!trial) throw new Error('there is a trial');
    expect(withFound(standings, { next: trial, failure: 'no' })[tunable.id]?.scores).toEqual([0.5, 0]);
  });

  it('does not trust what an older revision of a method did', () => {
    const [first] = entries;
    if (!first) throw new Error('there is a method');
    const { standings } = finish({ measure: [first.id], tune: [] });
    expect(standingOf(first, standings, card)).toBeDefined();
    const revised = { ...card, base: { ...card.base, sha256: 'f'.repeat(64) } };
    expect(standingOf(first, standings, revised)).toBeUndefined();
  });

  it('belongs to the experts and the seed', () => {
    expect(boardScope(mix)).toBe(`${mix.experts.join()} 1`);
    expect(boardScope({ ...mix, seed: 2 })).not.toBe(boardScope(mix));
  });
});
