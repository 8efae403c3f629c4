import catalogue from 'virtual:catalogue';
import { beforeEach, describe, expect, it } from 'vitest';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { averageRecipe, openingRecipe, type Recipe, withControl } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { createLedger } from './ledger.ts';
import { publisher } from './publish.ts';
import { useStudio } from './studio.ts';
import { shownTasks, type Work } from './work.ts';

const TIERS = [16, 64];
const TIMING = { totalMs: 1, msPerSample: 0.5 };
const untouched = useStudio.getState();
const opening = openingRecipe(card, catalogue);
const moved = withControl(opening, catalogue, { method: 'task-arithmetic', control: 'lambda' }, [1, 0, 0, 0]);
const id = (recipe: Recipe) => mergeId(recipe, catalogue, card);
const now = () => useStudio.getState();

let ledger = createLedger();
let publish = publisher({ card, tiers: TIERS, ledger, infos: new Map() });

/** Counts the recipe on the screen up to one of the tiers and publishes it. */
function measure(recipe: Recipe, to: number, correct = 1): void {
  const tasks = shownTasks({ state: now(), card }, recipe);
  for (const task of tasks) ledger.add(id(recipe), { task, split: 'test', from: 0, to }, { correct, n: to });
  const work: Work = { purpose: 'live', recipe, mergeId: id(recipe), tasks, to, slices: [], first: to === TIERS[0] };
  publish.measuring();
  publish.progress(work, TIMING);
}

beforeEach(() => {
  useStudio.setState({ ...untouched, card, recipe: opening, view: defaultView(opening, card) }, true);
  ledger = createLedger();
  publish = publisher({ card, tiers: TIERS, ledger, infos: new Map() });
});

describe('what is published', () => {
  it('is measured only when the last tier is there', () => {
    measure(opening, 16);
    expect(now().run.phase).toBe('measuring');
    expect(now().measurement?.test.digits).toEqual({ correct: 1, n: 16 });
    measure(opening, 64);
    expect(now().run.phase).toBe('measured');
    expect(now().measurement?.test.digits).toEqual({ correct: 1, n: 64 });
  });

  it('compares with the last merge that was measured at rest, not with those passed in a drag', () => {
    measure(opening, 64);
    const passed = withControl(opening, catalogue, { method: 'task-arithmetic', control: 'lambda' }, [0.5, 0, 0, 0]);
    useStudio.setState({ recipe: passed, dragOrigin: opening });
    measure(passed, 64);
    expect(now().previous).toBeNull();
    useStudio.setState({ recipe: moved, dragOrigin: null });
    measure(moved, 64);
    expect(now().previous?.mergeId).toBe(id(opening));
  });

  it('keeps all samples of the tasks on the screen while those of added tasks are few', () => {
    measure(opening, 64);
    useStudio.setState((state) => ({ view: state.view && { ...state.view, allTasks: true } }));
    const added = shownTasks({ state: now(), card }, opening).filter((task) => !opening.experts.includes(task));
    for (const task of added) ledger.add(id(opening), { task, split: 'test', from: 0, to: 16 }, { correct: 2, n: 16 });
    const tasks = shownTasks({ state: now(), card }, opening);
    const work: Work = {
      purpose: 'live',
      recipe: opening,
      mergeId: id(opening),
      tasks,
      to: 16,
      slices: [],
      first: true,
    };
    publish.progress(work, TIMING);
    expect(added.length).toBeGreaterThan(0);
    expect(now().measurement?.test[added[0] as string]).toEqual({ correct: 2, n: 16 });
    expect(now().measurement?.test.digits).toEqual({ correct: 1, n: 64 });
  });

  it('never shows fewer samples of the same merge', () => {
    useStudio.setState({
      measurement: {
        mergeId: id(opening),
        recipe: opening,
        test: Object.fromEntries(opening.experts.map((task) => [task, { correct: 40, n: 64 }])),
        info: null,
        source: 'zoo',
      },
    });
    measure(opening, 16);
    expect(now().measurement).toMatchObject({ source: 'zoo', test: { digits: { n: 64 } } });
    measure(opening, 64);
    expect(now().measurement).toMatchObject({ source: 'here', test: { digits: { correct: 1, n: 64 } } });
  });
});

describe('going back', () => {
  beforeEach(() => {
    measure(opening, 64, 5);
    useStudio.setState({ recipe: moved });
    measure(moved, 64, 9);
  });

  it('shows a merge that was measured before at once', () => {
    useStudio.setState({ recipe: { ...opening } });
    publish.recall();
    expect(now().measurement).toMatchObject({ mergeId: id(opening), test: { digits: { correct: 5, n: 64 } } });
    expect(now().run.phase).toBe('measured');
    expect(now().previous?.mergeId).toBe(id(moved));
  });

  it('does nothing when the numbers are on the screen already', () => {
    const state = now();
    publish.recall();
    expect(now()).toBe(state);
  });

  it('does nothing for a merge that was never measured', () => {
    useStudio.setState({ recipe: averageRecipe(opening, catalogue) });
    const state = now();
    publish.recall();
    expect(now()).toBe(state);
  });

  it('takes away the refusal of the recipe that was left', () => {
    useStudio.setState({ run: { phase: 'refused', reason: 'Σ = 0' } });
    publish.recall();
    expect(now().run.phase).toBe('measured');
  });

  it('keeps an equal recipe in step with the one on the screen', () => {
    useStudio.setState({ recipe: { ...moved } });
    publish.recall();
    expect(now().measurement?.recipe).toBe(now().recipe);
  });
});

describe('the bar of bytes', () => {
  beforeEach(() => useStudio.setState({ zoo: { phase: 'loading', received: 1, total: 2 } }));

  it('stays until something is measured', () => {
    publish.measuring();
    expect(now().zoo.phase).toBe('loading');
    measure(opening, 16);
    expect(now().zoo.phase).toBe('ready');
  });

  it('makes way for a failure', () => {
    const failure = { code: 'crashed', message: 'The merge worker stopped.', todo: 'Try again.' } as const;
    publish.failure(
      { purpose: 'live', recipe: opening, mergeId: id(opening), tasks: [], to: 16, slices: [], first: true },
      failure,
    );
    expect(now().zoo.phase).toBe('ready');
    expect(now().run.phase).toBe('failed');
  });
});

describe('failures', () => {
  const work: Work = {
    purpose: 'live',
    recipe: opening,
    mergeId: id(opening),
    tasks: [],
    to: 16,
    slices: [],
    first: true,
  };

  it('of the recipe are told as such, others with what to do', () => {
    publish.failure(work, { code: 'recipe', message: 'Σ = 0', todo: 'Raise a λ.' });
    expect(now().run).toMatchObject({ phase: 'refused' });
    const failure = { code: 'zoo', message: 'digits.bin is damaged', todo: 'Reload.' } as const;
    publish.failure(work, failure);
    expect(now().run).toEqual({ phase: 'failed', failure });
  });

  it('of a baseline or a point leave the merge on the screen alone', () => {
    measure(opening, 64);
    const { run } = now();
    for (const purpose of ['average', 'point'] as const)
      publish.failure({ ...work, purpose }, { code: 'internal', message: 'boom', todo: '' });
    expect(now().run).toBe(run);
  });

  it('of one merge of a plan take it out of the plan, and the rest goes on', () => {
    const recipes = [opening, moved];
    useStudio.setState({
      plan: { recipes, ids: recipes.map(id), tasks: opening.experts, startedAt: 0, doneBefore: 0 },
    });
    publish.failure({ ...work, purpose: 'design' }, { code: 'recipe', message: 'Σ = 0', todo: '' });
    expect(now().plan?.ids).toEqual([id(moved)]);
    expect(now().search).toMatchObject({ phase: 'measuring', total: 1 });
    publish.failure({ ...work, purpose: 'design' }, { code: 'zoo', message: 'broken', todo: '' });
    expect(now().plan).toBeNull();
    expect(now().search.phase).toBe('failed');
  });
});
