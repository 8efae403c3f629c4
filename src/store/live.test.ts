import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FailureCode } from '../client/protocol.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { eventually } from './eventually.testing.ts';
import type { EngineBehaviour, OpenedEngine } from './live.testing.ts';

// Each test gets modules of its own, and with them one loop.
let WorkerFailure: typeof import('../client/worker-client.ts').WorkerFailure;
const failure = (code: FailureCode) => new WorkerFailure({ code, message: `it ${code}`, todo: 'Do something.' });

const behaviour: EngineBehaviour = { merge: async () => {}, count: async () => {} };
const opened: OpenedEngine[] = [];

/** λ of the first expert; 0 for methods that have none. */
function lambdaOf(recipe: Recipe): number {
  const lambda = recipe.chain[0]?.controls.lambda;
  return typeof lambda === 'object' ? (lambda[0] ?? 0) : 0;
}

/** Answers that tell which recipe was merged. */
const answer = (recipe: Recipe) => Math.round(10 * lambdaOf(recipe));

vi.mock('../client/engine.ts', async () => {
  const { fakeEngines } = await import('./live.testing.ts');
  return { openEngine: fakeEngines({ behaviour, opened, answer, failure: () => failure('internal') }) };
});

const TIERS = [16, 64];
let useStudio: typeof import('./studio.ts').useStudio;
const now = () => useStudio.getState();

beforeEach(async () => {
  vi.resetModules();
  opened.length = 0;
  behaviour.merge = async () => {};
  behaviour.count = async () => {};
  ({ useStudio } = await import('./studio.ts'));
  ({ WorkerFailure } = await import('../client/worker-client.ts'));
  const { default: catalogue } = await import('virtual:catalogue');
  const { startLive } = await import('./live.ts');
  const recipe = openingRecipe(card, catalogue);
  useStudio.setState({ card, recipe, view: defaultView(recipe, card) });
  start = () => startLive({ card, tiers: TIERS, zooUrl: 'zoo/', onBytes: () => {} });
});
afterEach(() => useStudio.setState({ recipe: null }));

let start = () => {};
const slide = (value: number, live = false) => now().setCoefficient(0, 'lambda', 0, value, live);
const correct = () => now().measurement?.test.digits;

/** Waits until the recipe on the screen is measured in full, and checks that the numbers are its own. */
async function measured(lambda: number): Promise<void> {
  await eventually(() => {
    expect(now().run.phase).toBe('measured');
    expect(correct()?.n).toBe(64);
    // Two tiers, counted one after the other.
    expect(correct()?.correct).toBe(Math.round(10 * lambda) * 2);
  });
}

describe('the live loop', () => {
  it('measures the recipe on the screen and follows it', async () => {
    start();
    await measured(0.3);
    slide(0.7);
    await measured(0.7);
    expect(opened).toHaveLength(1);
  });

  it('keeps nothing open behind the visitor’s own files, and goes on when the zoo is shown again', async () => {
    now().showFiles(true);
    start();
    slide(0.7);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(opened).toHaveLength(0);
    now().showFiles(false);
    await measured(0.7);
    now().showFiles(true);
    await eventually(() => expect(opened.map(({ closed }) => closed)).toEqual([true]));
    slide(0.4);
    now().showFiles(false);
    await measured(0.4);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('gives every merge its own numbers, however fast the recipe changes', async () => {
    behaviour.count = () => new Promise((resolve) => setTimeout(resolve, 1));
    start();
    for (let i = 1; i <= 10; i++) {
      slide(i / 10, i < 10);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await measured(1);
    for (const { recipe, test } of now().points) {
      expect(test.digits).toMatchObject({ correct: answer(recipe) * 2 });
    }
  });

  it.each(['crashed', 'device', 'memory'] as const)(
    'rebuilds the workers once by itself when something %s',
    async (code) => {
      let broken = true;
      behaviour.count = async () => {
        if (!broken) return;
        broken = false;
        throw failure(code);
      };
      start();
      await measured(0.3);
      expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
      // Having worked since, it may break by accident once more.
      broken = true;
      slide(0.8);
      await measured(0.8);
      expect(opened).toHaveLength(3);
    },
  );

  it('tells what breaks again, keeps the recipe, and tries again when asked', async () => {
    behaviour.count = async () => {
      throw failure('crashed');
    };
    start();
    await eventually(() => expect(now().run).toMatchObject({ phase: 'failed', failure: { code: 'crashed' } }));
    const tries = opened.length;
    expect(now().recipe).not.toBeNull();
    behaviour.count = async () => {};
    now().recover();
    await measured(0.3);
    expect(opened.length).toBeGreaterThan(tries - 1);
    expect(opened.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it('keeps the workers after a failure that is not theirs', async () => {
    behaviour.merge = async (recipe) => {
      if (answer(recipe) === 5) throw failure('zoo');
    };
    start();
    await measured(0.3);
    slide(0.5);
    await eventually(() => expect(now().run.phase).toBe('failed'));
    slide(0.6);
    await measured(0.6);
    expect(opened).toHaveLength(1);
  });

  it('does not merge what cannot be merged, and says what to change', async () => {
    const merged: string[] = [];
    behaviour.merge = async (recipe) => {
      merged.push(recipe.chain.map(({ method }) => method).join());
    };
    now().chooseMethod('slerp');
    start();
    await eventually(() => expect(now().run.phase).toBe('refused'));
    expect(now().run).toHaveProperty('reason', 'SLERP needs exactly 2 experts and 4 are chosen: leave 2 out.');
    expect(merged).not.toContain('slerp');
  });

  it('stops a preparation when the user says so, and says that it was stopped', async () => {
    start();
    await measured(0.3);
    let end: (error: Error) => void = () => {};
    behaviour.merge = () =>
      new Promise((_, reject) => {
        end = reject;
      });
    now().chooseMethod('ties');
    await eventually(() => expect(now().run.phase).toBe('measuring'));
    now().stopPreparing();
    await eventually(() => expect(opened[0]?.stops).toBe(1));
    end(failure('stopped'));
    await eventually(() =>
      expect(now().run).toMatchObject({ phase: 'refused', reason: expect.stringContaining('Stopped') }),
    );
  });

  it('stops a preparation that the recipe on the screen cannot use, without a word', async () => {
    start();
    await measured(0.3);
    let end: (error: Error) => void = () => {};
    behaviour.merge = () =>
      new Promise((_, reject) => {
        end = reject;
      });
    now().chooseMethod('ties');
    await eventually(() => expect(now().run.phase).toBe('measuring'));
    behaviour.merge = async () => {};
    now().chooseMethod('task-arithmetic');
    slide(0.9);
    expect(opened[0]?.stops).toBeGreaterThan(0);
    end(failure('stopped'));
    await measured(0.9);
  });

  it('fills the leaderboard when nothing else is wanted, each row with its own numbers', async () => {
    start();
    const { runBoard, selectBoard } = await import('./board-run.ts');
    const measure = selectBoard(now()).entries.map(({ id }) => id);
    runBoard({ measure, tune: [] });
    await measured(0.3);
    await eventually(() => expect(now().boardRun).toBeNull());
    const [standings = {}] = Object.values(now().boards);
    const rows = Object.values(standings).filter(({ failure }) => failure === null);
    expect(rows.length).toBeGreaterThan(1);
    for (const { first, scores } of rows) {
      // Counted in one run, or tier by tier where it was on the screen.
      const own = first ? answer(first.recipe) : Number.NaN;
      expect([own, 2 * own]).toContain(first?.test.digits?.correct);
      expect(first?.test.digits?.n).toBe(64);
      expect(scores).toHaveLength(1);
    }
    // What a row needed was no point of a study.
    expect(now().points.map(({ mergeId }) => mergeId)).toEqual([now().measurement?.mergeId]);
  });

  it('stops a preparation for the leaderboard for whatever the screen wants, and goes on with it after', async () => {
    start();
    await measured(0.3);
    const { runBoard, pauseBoard, selectBoard } = await import('./board-run.ts');
    let end: (error: Error) => void = () => {};
    behaviour.merge = () =>
      new Promise((_, reject) => {
        end = reject;
      });
    const ids = selectBoard(now()).entries.map(({ id }) => id);
    const slow = ids.find((id) => id !== now().recipe?.chain[0]?.method) ?? '';
    runBoard({ measure: [slow], tune: [] });
    await eventually(() => expect(now().boardNext?.entry).toBe(slow));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(opened[0]?.stops).toBe(0);
    behaviour.merge = async () => {};
    slide(0.9);
    expect(opened[0]?.stops).toBe(1);
    end(failure('stopped'));
    await measured(0.9);
    await eventually(() => expect(now().boardRun).toBeNull());
    expect(Object.values(now().boards)[0]?.[slow]?.first).not.toBeNull();
    pauseBoard(true);
    expect(now().boardRun, 'nothing is left to pause').toBeNull();
  });

  it('tells on the row what cannot be merged, and leaves the screen alone', async () => {
    start();
    await measured(0.3);
    const { runBoard, selectBoard } = await import('./board-run.ts');
    behaviour.merge = async () => {
      throw failure('recipe');
    };
    const ids = selectBoard(now()).entries.map(({ id }) => id);
    const other = ids.find((id) => id !== now().recipe?.chain[0]?.method) ?? '';
    runBoard({ measure: [other], tune: [other] });
    await eventually(() => expect(now().boardRun).toBeNull());
    expect(Object.values(now().boards)[0]?.[other]).toMatchObject({ first: null, failure: 'it recipe Do something.' });
    expect(now().run.phase).toBe('measured');
    behaviour.merge = async () => {};
    runBoard({ measure: [other], tune: [] });
    await eventually(() => expect(Object.values(now().boards)[0]?.[other]?.failure).toBeNull());
  });

  it('measures what somebody looks at, off the screen, and gives it up when nobody does any more', async () => {
    const { previewMethod, selectMeasuredMethod, selectPreviewFailed } = await import('./preview.ts');
    start();
    await measured(0.3);
    previewMethod('ties');
    await eventually(() => expect(selectMeasuredMethod(now(), 'ties')?.n).toBe(TIERS[0]));
    expect(now().run.phase).toBe('measured');
    expect(now().measurement?.recipe).toBe(now().recipe);

    let end: (error: Error) => void = () => {};
    behaviour.merge = () =>
      new Promise((_, reject) => {
        end = reject;
      });
    previewMethod('iso-c');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(now().run.phase, 'its preparation is no business of the screen').toBe('measured');
    previewMethod(undefined);
    await eventually(() => expect(opened[0]?.stops).toBe(1));
    behaviour.merge = async () => {};
    end(failure('stopped'));
    slide(0.7);
    await measured(0.7);
    expect(selectPreviewFailed(now(), 'iso-c')).toBe(false);

    behaviour.merge = async () => {
      throw failure('recipe');
    };
    previewMethod('iso-c');
    await eventually(() => expect(selectPreviewFailed(now(), 'iso-c')).toBe(true));
    expect(now().run.phase).toBe('measured');
  });
});
