import catalogue from 'virtual:catalogue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../client/engine.ts';
import { coefficientsOf } from '../formats/coefficients.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe } from '../formats/recipe.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { defaultView } from '../formats/view.ts';
import { eventually } from './eventually.testing.ts';
import type { ComparisonId } from './state.ts';

const TIERS = [16, 64];
const recipe = withExperts(openingRecipe(card, catalogue), ['digits', 'kana', 'rotation'], catalogue, card);

/** Merges in the order in which the engine made them: method and coefficients. */
const merged: string[] = [];
/** How long counting takes. */
let pace = async (): Promise<void> => {};
/** A made-up landscape: every expert helps its own task, and the third spoils the others. */
function share(of: Recipe, task: string): number {
  const c = coefficientsOf(of, catalogue).map(({ value }) => value);
  const own = c[of.experts.indexOf(task)] ?? 0;
  const spoilt = task === 'rotation' ? 0 : (c[2] ?? 0);
  return Math.min(1, Math.max(0, 0.2 + 0.6 * own - 0.9 * spoilt));
}

vi.mock('../client/engine.ts', () => ({
  openEngine: async (): Promise<Engine> => {
    let current: Recipe = recipe;
    return {
      backend: { name: 'wasm', passedOver: [] },
      evaluators: 1,
      async merge(wanted) {
        const values = coefficientsOf(wanted, catalogue).map(({ value }) => Number(value.toFixed(2)));
        merged.push(`${wanted.chain[0]?.method} ${values.join(' ')}`);
        current = wanted;
        return { readout: null, prepareMs: 0, combineMs: 0, change: 1, footprint: null };
      },
      stop: () => {},
      async count(slices, { onScore }) {
        await pace();
        for (const slice of slices) {
          const n = slice.to - slice.from;
          onScore(slice, { correct: share(current, slice.task) * n, n });
        }
      },
      close: () => {},
    };
  },
}));

let useStudio: typeof import('./studio.ts').useStudio;
let views: typeof import('./comparison-views.ts');
const now = () => useStudio.getState();

beforeEach(async () => {
  vi.resetModules();
  merged.length = 0;
  ({ useStudio } = await import('./studio.ts'));
  views = await import('./comparison-views.ts');
  const { startLive } = await import('./live.ts');
  useStudio.setState({ card, recipe, view: defaultView(recipe, card) });
  startLive({ card, tiers: TIERS, zooUrl: 'zoo/', onBytes: () => {} });
  await eventually(() => expect(now().points).toHaveLength(1));
  merged.length = 0;
});

async function compared(id: ComparisonId): Promise<void> {
  now().compareWith(id);
  await eventually(() => expect(now().search.phase).toBe('idle'));
}
const setOf = (id: ComparisonId) => views.selectComparisons(now()).find((each) => each.id === id);
const costOf = (id: ComparisonId) => views.selectCosts(now()).find((each) => each.id === id);

describe('a comparison', () => {
  it('measures its merges and keeps them apart from the points that surrogates are fitted to', async () => {
    const before = now().points;
    // One of the eleven is the merge on the screen.
    expect(costOf('shared')).toMatchObject({ merges: 11, left: 10 });
    await compared('shared');
    expect(setOf('shared')?.points.map(({ coefficients }) => coefficients[0])).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
    expect(now().points).toBe(before);
    expect(costOf('shared')).toMatchObject({ merges: 11, left: 0 });
  });

  it('measures nothing twice: what a plan or another comparison has measured is found again', async () => {
    await compared('greedy');
    const tasted = merged.length;
    await compared('soups');
    const alone = merged.slice(tasted).filter((line) => /^task-arithmetic( [01]){3}$/.test(line));
    expect(alone, 'the experts alone').toEqual([]);
    expect(setOf('soups')?.points).toHaveLength(66);
    const all = merged.length;
    await compared('soups');
    expect(now().plan).toBeNull();
    expect(merged).toHaveLength(all);
    useStudio.setState({ comparisons: [] });
    await compared('greedy');
    expect(setOf('greedy')?.points).toHaveLength(5);
    expect(merged).toHaveLength(all);
  });

  it('tastes a greedy soup expert by expert: each measurement decides the next merge', async () => {
    expect(costOf('greedy')?.merges).toBe(5);
    await compared('greedy');
    expect(merged).toEqual([
      'task-arithmetic 1 0 0',
      'task-arithmetic 0 1 0',
      'task-arithmetic 0 0 1',
      // Digits and kana are equally good alone; together they are as good, which '>' does not take; rotation spoils both.
      'task-arithmetic 0.5 0.5 0',
      'task-arithmetic 0.5 0 0.5',
    ]);
    const greedy = setOf('greedy');
    expect(greedy?.points).toHaveLength(5);
    const { offered } = await import('./comparisons.ts');
    expect(greedy && offered(greedy, card).map(({ coefficients }) => coefficients)).toEqual([[1, 0, 0]]);
  });

  it('gives random search the budget that MAP has used, and more when MAP measures more', async () => {
    expect(costOf('random')?.merges).toBe(0);
    now().compareWith('random');
    expect(now().search.phase, 'nothing to compare with yet').toBe('idle');
    now().measurePoints();
    await eventually(() => expect(now().search.phase).toBe('idle'));
    const planned = now().points.filter(({ source }) => source === 'design').length;
    await compared('random');
    expect(setOf('random')?.points).toHaveLength(planned);
    const { outcomesOf } = await import('./comparison-outcomes.ts');
    const { selectAllGoals } = await import('./objectives.ts');
    const contenders = {
      card,
      tasks: recipe.experts,
      searched: now().points.filter(({ source }) => source === 'design'),
      comparisons: views.selectComparisons(now()),
    };
    const [map, random] = outcomesOf(contenders, selectAllGoals(now()));
    expect([map?.id, map?.merges, random?.id, random?.merges]).toEqual(['map', planned, 'random', planned]);
    expect(map?.volume.calibration.value).toBeGreaterThan(0);
    expect(random?.best.calibration).toBeCloseTo(random?.best.test ?? Number.NaN);
  });

  it('is at home in its mix: random search in one study, the others wherever these experts are', async () => {
    await compared('shared');
    now().chooseMethod('ties');
    expect(setOf('shared')?.points).toHaveLength(11);
    now().toggleExpert('rotation');
    expect(setOf('shared')).toBeUndefined();
  });

  it('is stopped like any plan, and what was measured stays', async () => {
    pace = () => new Promise((resolve) => setTimeout(resolve, 5));
    now().compareWith('soups');
    await eventually(() => expect(setOf('soups')?.points.length).toBeGreaterThan(2));
    now().stopMeasuring();
    pace = async () => {};
    const had = setOf('soups')?.points.length ?? 0;
    expect(now().search).toMatchObject({ phase: 'stopped', total: 66 });
    expect(now().points.every(({ source }) => source === 'slider')).toBe(true);
    await compared('soups');
    expect(setOf('soups')?.points.length).toBeGreaterThan(had);
  });

  it('trains AdaMerging as one merge', async () => {
    await compared('trained');
    expect(merged).toEqual(['adamerging ']);
    expect(setOf('trained')?.points).toHaveLength(1);
  });
});

describe('a prediction', () => {
  it('is remembered of merges that are not measured yet, as it was then', async () => {
    now().measurePoints();
    await eventually(() => expect(now().search.phase).toBe('idle'));
    const { fitSurrogates } = await import('../pareto/map.ts');
    const { recipeAt } = await import('./point-recipe.ts');
    const { selectStudy } = await import('./selectors.ts');
    const { selectSpace } = await import('./space.ts');
    const observed = now().points.map((point) => ({ ...point, outcomes: point.calibration }));
    const calibration = Object.fromEntries(fitSurrogates({ observed, tasks: recipe.experts }));
    const none = { goalFront: [], goalFrontSize: 0, best: 0, history: [], reference: [], published: null, test: {} };
    const volume = { estimated: false, value: 0 } as const;
    const exploration = { ...none, calibration, volume, search: 'candidates' } as const;
    useStudio.setState({ exploration: { ...exploration, study: selectStudy(now()) ?? '', points: observed.length } });
    const known = now().points[3]?.recipe ?? recipe;
    now().rememberPredictions([known, recipeAt(recipe, [0.21, 0.22, 0.23], selectSpace(now()))]);
    const [told, ...rest] = Object.values(now().predictions);
    expect(rest).toEqual([]);
    expect(Object.keys(told ?? {})).toEqual(recipe.experts);
    expect(told?.rotation).toBeCloseTo(0.2 + 0.6 * 0.23, 1);
  });
});

describe('a plan of merges that are all known', () => {
  it('ends at once', async () => {
    now().measurePoints();
    await eventually(() => expect(now().search.phase).toBe('idle'));
    now().measurePoints();
    await eventually(() => expect(now().search.phase).toBe('idle'));
    expect(now().plan).toBeNull();
  });
});
