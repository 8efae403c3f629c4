import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../client/engine.ts';
import type { FailureCode, Slice } from '../client/protocol.ts';
import type { Search } from '../client/search.ts';
import { createNested } from '../engine/nested-service.ts';
import { coefficientsOf } from '../formats/coefficients.ts';
import { testCard as card, testCatalogue } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe } from '../formats/recipe.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { defaultView } from '../formats/view.ts';
import { accuracyAt } from '../pareto/nested/nested.testing.ts';
import { eventually } from './eventually.testing.ts';

// Each test gets modules of its own, and with them one loop.
let WorkerFailure: typeof import('../client/worker-client.ts').WorkerFailure;
const failure = (code: FailureCode) => new WorkerFailure({ code, message: `it ${code}`, todo: '' });
const THREE = ['digits', 'greek', 'kana'];

const vectorOf = (recipe: Recipe) => coefficientsOf(recipe, testCatalogue).map(({ value }) => value);

/** What the engine counts, in order: coefficients and task. */
let counted: string[] = [];
let refuses = (_recipe: Recipe): boolean => false;

vi.mock('../client/engine.ts', () => ({
  openEngine: async (): Promise<Engine> => {
    let current: Recipe | undefined;
    let merging: Promise<unknown> = Promise.resolve();
    return {
      backend: { name: 'wasm', passedOver: [] },
      evaluators: 2,
      async merge(recipe) {
        merging = new Promise((resolve, reject) => {
          if (refuses(recipe)) reject(failure('recipe'));
          else setTimeout(resolve, 1);
        });
        await merging;
        current = recipe;
        return { readout: null, prepareMs: 0, combineMs: 0, change: 1, footprint: null };
      },
      stop: () => {},
      async count(slices, { wanted, onScore }) {
        await merging.catch(() => {});
        for (const slice of slices) {
          if (!wanted() || !current) return;
          onScore(slice, answer(current, slice));
        }
      },
      close: () => {},
    };
  },
}));

function answer(recipe: Recipe, { task, from, to, split }: Slice) {
  const c = vectorOf(recipe);
  if (split === 'calibration') counted.push(`${c} ${task}`);
  return { correct: accuracyAt(c, THREE.indexOf(task)) * (to - from), n: to - from };
}

vi.mock('../client/search.ts', () => ({
  openSearch: (): Pick<Search, 'nested' | 'close'> => {
    const nested = createNested();
    return { nested: async (request) => nested(request), close: () => {} };
  },
}));

let useStudio: typeof import('./studio.ts').useStudio;
const now = () => useStudio.getState();

beforeEach(async () => {
  vi.resetModules();
  counted = [];
  refuses = () => false;
  ({ useStudio } = await import('./studio.ts'));
  ({ WorkerFailure } = await import('../client/worker-client.ts'));
  const { default: catalogue } = await import('virtual:catalogue');
  const { startLive } = await import('./live.ts');
  const { startNesting } = await import('./nest.ts');
  const recipe = withExperts(openingRecipe(card, catalogue), THREE, catalogue, card);
  useStudio.setState({ card, recipe, view: { ...defaultView(recipe, card), goals: 'nested' }, nodePoints: 8 });
  startNesting();
  startLive({ card, tiers: [16, 64], zooUrl: 'zoo/', onBytes: () => {} });
  await eventually(() => expect(now().nested).not.toBeNull());
});
afterEach(() => useStudio.setState({ recipe: null }));

const root = () => now().nested?.nodes.at(-1);
const states = () => now().nested?.nodes.map(({ state }) => state);
const finished = () =>
  eventually(() => {
    expect(now().nestedRun).toBeNull();
    expect(now().nested?.next).toBeNull();
  });
const run = async () => {
  now().startNested();
  await finished();
};

describe('nested MAP', () => {
  it('measures batch after batch until the root is chosen, each merge on the tasks below its node only', async () => {
    await run();
    expect(states()).toEqual(['done', 'done']);
    expect(root()?.pick?.measured).not.toBeNull();
    const { nested, points, plan, search } = now();
    expect([plan, search]).toEqual([null, { phase: 'idle' }]);
    expect(nested?.result?.map(({ calibration, test }) => [calibration?.n, test?.n])).toEqual([
      [64, 64],
      [64, 64],
      [64, 64],
    ]);
    const first = nested?.nodes[0];
    const below = first?.leaves.map((i) => THREE[i]);
    const inside = points.find(
      ({ coefficients }) => coefficients.join() === first?.samples.at(-1)?.coefficients.join(),
    );
    expect(Object.keys(inside?.calibration ?? {}).filter((metric) => metric !== 'change')).toEqual(below);
    expect(new Set(counted).size).toBe(counted.length);
  });

  it('asks no merge twice when some are measured already', async () => {
    await run();
    const before = counted.length;
    now().pairAutomatically();
    expect(now().nestedDone).toEqual({});
    await eventually(() => expect(Object.keys(now().nestedDone)).toHaveLength(1));
    expect(now().nested?.next).toBeNull();
    expect(counted.length).toBe(before);
  });

  it('chooses anew for other preferences at once, and measures only what is missing when asked to', async () => {
    await run();
    const chosen = root()?.pick?.coefficients;
    const before = counted.length;
    const pair = now().nested?.nodes[0]?.leaves ?? [];
    const outside = [0, 1, 2].find((i) => !pair.includes(i)) ?? 0;
    now().setPreference(THREE[outside] ?? '', 1, false);
    await eventually(() => expect(states()).toEqual(['done', 'choosing']));
    expect(root()?.pick?.coefficients).not.toEqual(chosen);
    expect(now().nested?.remaining.merges).toBe(1);
    expect(counted.length).toBe(before);
    await run();
    expect(counted.length).toBe(before + 3);
    now().equalPreferences();
    await eventually(() => expect(root()?.pick?.coefficients).toEqual(chosen));
    expect(now().nested?.next).toBeNull();
  });

  it('waits when it is paused and goes on where it was', async () => {
    now().startNested();
    await eventually(() => expect(now().nested?.nodes[0]?.samples.length).toBeGreaterThan(2));
    now().pauseMeasuring();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { length } = counted;
    expect(now().search.phase).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(counted.length).toBe(length);
    now().resumeMeasuring();
    await finished();
    expect(new Set(counted).size).toBe(counted.length);
  });

  it('ends when it is stopped, and when another mix is on the screen; what was measured stays', async () => {
    now().startNested();
    await eventually(() => expect(now().nested?.nodes[0]?.samples.length).toBeGreaterThan(2));
    now().stopMeasuring();
    await eventually(() => expect(now().nestedRun).toBeNull());
    now().startNested();
    await eventually(() => expect(now().plan).not.toBeNull());
    now().toggleExpert('rotation');
    await eventually(() => expect(now().nestedRun).toBeNull());
    expect(now().plan).toBeNull();
    now().toggleExpert('rotation');
    await eventually(() => expect(now().nested?.nodes[0]?.samples.length).toBeGreaterThan(2));
  });

  it('follows a pairing by hand, with the rest paired by nearest accuracy', async () => {
    now().pairByHand('greek', 'kana');
    await eventually(() => expect(now().nested?.nodes.map(({ id }) => id)).toEqual(['(1,2)']));
    await run();
    expect(root()?.id).toBe('(0,(1,2))');
    now().unpair(now().pairs[0] ?? '');
    expect(now().pairs).toEqual([]);
  });

  it('says when the method refuses a merge that it needs, and does not try for ever', async () => {
    refuses = (recipe) => vectorOf(recipe).every((value) => value === 0);
    now().startNested();
    await eventually(() => expect(now().nestedProblem).toContain('The method refuses a merge'));
    expect(now().nestedRun).toBeNull();
    now().startNested();
    await eventually(() => expect(now().nestedProblem).toContain('The method refuses a merge'));
    expect(now().plan).toBeNull();
    now().toggleExpert('rotation');
    expect(now().nestedProblem).toBeNull();
  });
});
