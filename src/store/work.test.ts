import catalogue from 'virtual:catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slice } from '../client/protocol.ts';
import type { Card } from '../formats/card.ts';
import { mergeId } from '../formats/merge-id.ts';
import { testCard } from '../formats/recipe.testing.ts';
import { averageRecipe, openingRecipe, type Recipe, withControl } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Plan } from './state.ts';
import { type Circumstances, chooseWork, type Work } from './work.ts';

const TIERS = [64, 256, 512];

/** With samples as a real card has them. */
const card: Card = {
  ...testCard,
  tasks: testCard.tasks.map((task) => {
    const [first] = task.test;
    const [input] = task.calibration.inputs;
    if (!first || !input) throw new Error('the test card has no samples');
    const test = TIERS.map((to, i) => ({ ...first, from: TIERS[i - 1] ?? 0, to }));
    return { ...task, test, calibration: { ...task.calibration, inputs: [{ ...input, to: 256 }] } };
  }),
};

const recipe = openingRecipe(card, catalogue);
const id = (of: Recipe) => mergeId(of, catalogue, card);
const withLambda = (lambda: readonly number[]) =>
  withControl(recipe, catalogue, { method: 'task-arithmetic', control: 'lambda' }, lambda);
const current = id(recipe);
const average = id(averageRecipe(recipe, catalogue));

function planned(...recipes: Recipe[]): Plan {
  return { recipes, ids: recipes.map(id), tasks: recipe.experts, startedAt: 0, doneBefore: 0 };
}

function circumstances(ledger: Ledger, change: Partial<Circumstances['state']> = {}): Circumstances {
  const idle = {
    plan: null,
    search: { phase: 'idle' },
    dragOrigin: null,
    preview: null,
    boardNext: null,
  } as const;
  const state = { recipe, view: defaultView(recipe, card), ...idle, ...change };
  return { state, card, tiers: TIERS, ledger, given: new Set() };
}

/** Counts a part of the work's slices, as evaluators do. */
function count(ledger: Ledger, { mergeId: merge, slices }: Work, part = slices): void {
  for (const slice of part) ledger.add(merge, slice, { correct: 0, n: slice.to - slice.from });
}

/** Does all work there is, and returns what was done. */
function finish(now: Circumstances): Work[] {
  const done: Work[] = [];
  for (let work = chooseWork(now); work; work = chooseWork(now)) {
    done.push(work);
    count(now.ledger, work);
    if (done.length > 100) throw new Error('the work does not end');
  }
  return done;
}

describe('the choice of work', () => {
  it('measures the recipe on the screen tier by tier, then its average, then makes a point of it', () => {
    const done = finish(circumstances(createLedger()));
    expect(done.map(({ purpose, mergeId: merge, to }) => [purpose, merge, to])).toEqual([
      ['live', current, 64],
      ['live', current, 256],
      ['live', current, 512],
      ['average', average, 512],
      ['point', current, 512],
    ]);
  });

  it('measures what somebody looks at on few images, before a plan and after the recipe on the screen', () => {
    const looked = withLambda([0, 0, 1, 0]);
    const preview = { id: 'somebody’s', recipe: looked, mergeId: id(looked) };
    const done = finish(circumstances(createLedger(), { preview, plan: planned(withLambda([1, 0, 0, 0])) }));
    const purposes = done.map(({ purpose }) => purpose);
    expect(purposes.slice(0, 6)).toEqual(['live', 'live', 'live', 'average', 'preview', 'design']);
    const found = done.find(({ purpose }) => purpose === 'preview');
    expect(found).toMatchObject({ recipe: looked, mergeId: id(looked), tasks: recipe.experts, to: 64, first: false });
    expect(found?.slices.every(({ split, from, to }) => split === 'test' && from === 0 && to === 64)).toBe(true);
  });

  it('leaves the plan alone while it is paused', () => {
    const plan = planned(withLambda([0, 0, 1, 0]));
    const paused = { phase: 'paused', done: 0, total: 1 } as const;
    const purposes = (search: Circumstances['state']['search']) =>
      finish(circumstances(createLedger(), { plan, search })).map(({ purpose }) => purpose);
    expect(purposes(paused)).not.toContain('design');
    expect(purposes({ phase: 'measuring', done: 0, total: 1, secondsLeft: null })).toContain('design');
  });

  it('counts every sample once, and the calibration split only to choose', () => {
    const ledger = createLedger();
    const seen = new Map<string, number>();
    for (const { mergeId: merge, slices } of finish(circumstances(ledger, { plan: planned(withLambda([1, 0, 0, 0])) })))
      for (const { task, split, from, to } of slices)
        for (let i = from; i < to; i++) {
          const key = `${merge} ${task} ${split} ${i}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
        }
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
    const samples = (merge: string, split: Slice['split']) =>
      [...seen.keys()].filter((key) => key.startsWith(`${merge} ${recipe.experts[0]} ${split} `)).length;
    expect(samples(current, 'test')).toBe(512);
    expect(samples(current, 'calibration')).toBe(256);
    expect(samples(average, 'calibration'), 'a baseline chooses nothing').toBe(0);
    expect(samples(id(withLambda([1, 0, 0, 0])), 'test')).toBe(256);
  });

  it('leaves a plan for the recipe on the screen at any moment', () => {
    const plan = planned(withLambda([1, 0, 0, 0]), withLambda([0, 1, 0, 0]));
    fc.assert(
      fc.property(
        fc.nat(12),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (steps, lambda) => {
          const ledger = createLedger();
          const before = circumstances(ledger, { plan });
          for (let i = 0; i < steps; i++) {
            const work = chooseWork(before);
            if (work) count(ledger, work);
          }
          const moved = withLambda(lambda);
          const work = chooseWork(circumstances(ledger, { plan, recipe: moved, dragOrigin: recipe }));
          const known = ledger.scores(id(moved), recipe.experts, 'test', 512);
          if (!known) expect(work).toMatchObject({ purpose: 'live', mergeId: id(moved) });
        },
      ),
    );
  });

  it('takes the merges of a plan in their order, whatever was measured before', () => {
    const [a, b, c] = [withLambda([1, 0, 0, 0]), withLambda([0, 1, 0, 0]), withLambda([0, 0, 1, 0])] as const;
    const ledger = createLedger();
    finish(circumstances(ledger, { recipe: b }));
    const done = finish(circumstances(ledger, { plan: planned(a, b, c) }));
    expect(done.filter(({ purpose }) => purpose === 'design').map(({ mergeId: merge }) => merge)).toEqual([
      id(a),
      id(c),
    ]);
  });

  it('asks only for what is still missing after work that was cut short', () => {
    const ledger = createLedger();
    const now = circumstances(ledger);
    const first = chooseWork(now);
    if (!first) throw new Error('there must be work');
    count(ledger, first, first.slices.slice(0, 3));
    expect(chooseWork(now)?.slices).toEqual(first.slices.slice(3));
  });

  it('finishes the first look at a recipe and nothing else', () => {
    const first = finish(circumstances(createLedger(), { plan: planned(withLambda([1, 0, 0, 0])) })).map(
      (work) => work.first,
    );
    expect(first).toEqual([true, ...first.slice(1).map(() => false)]);
    expect(first.length).toBeGreaterThan(3);
  });

  it('makes no point of a recipe while a slider is dragged over it', () => {
    const purposes = finish(circumstances(createLedger(), { dragOrigin: recipe })).map(({ purpose }) => purpose);
    expect(purposes).toEqual(['live', 'live', 'live', 'average']);
  });

  it('also measures the tasks of left-out experts when all tasks are shown', () => {
    const ledger = createLedger();
    finish(circumstances(ledger));
    const view = { ...defaultView(recipe, card), allTasks: true };
    const done = finish(circumstances(ledger, { view }));
    const others = card.tasks.map(({ id: task }) => task).filter((task) => !recipe.experts.includes(task));
    expect([...new Set(done.flatMap(({ slices }) => slices.map(({ task }) => task)))].sort()).toEqual(others.sort());
  });

  it('measures for the leaderboard when nothing else is left, only the splits that it asks for', () => {
    const other = withLambda([0, 1, 0, 0]);
    const boardNext = {
      entry: 'any',
      kind: 'trial',
      recipe: other,
      mergeId: id(other),
      splits: ['calibration'],
    } as const;
    const plan = planned(withLambda([1, 0, 0, 0]));
    const done = finish(circumstances(createLedger(), { plan, boardNext }));
    expect(done.at(-1)).toMatchObject({ purpose: 'board', mergeId: id(other) });
    expect(done.filter(({ purpose }) => purpose === 'board')).toHaveLength(1);
    expect(new Set(done.at(-1)?.slices.map(({ split, to }) => `${split} ${to}`))).toEqual(new Set(['calibration 256']));
  });

  it('does not try again what failed, and does nothing without a recipe', () => {
    const now = circumstances(createLedger());
    expect(chooseWork({ ...now, given: new Set([current]) })?.mergeId).toBe(average);
    expect(chooseWork({ ...now, given: new Set([current, average]) })).toBeUndefined();
    expect(chooseWork(circumstances(createLedger(), { recipe: null }))).toBeUndefined();
  });
});
