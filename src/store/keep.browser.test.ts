import catalogue from 'virtual:catalogue';
import { clear } from 'idb-keyval';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe, withControl } from '../formats/recipe.ts';
import { recallKept, startKeeping } from './keep.ts';
import type { ParetoPoint, Plan } from './state.ts';
import { useStudio } from './studio.ts';
import { coefficientValues, studyOf } from './study.ts';

const untouched = useStudio.getState();
const opening = openingRecipe(card, catalogue);
const withLambda = (lambda: number) =>
  withControl(opening, catalogue, { method: 'task-arithmetic', control: 'lambda' }, [lambda, 0, 0, 0]);

const space = { vary: [], blocks: card.model.blocks };

function pointAt(recipe: Recipe, source: ParetoPoint['source']): ParetoPoint {
  const scores = { digits: { correct: 3, n: 4 } };
  return {
    mergeId: mergeId(recipe, catalogue, card),
    recipe,
    study: studyOf(recipe, card, space),
    coefficients: coefficientValues(recipe, space),
    calibration: scores,
    test: scores,
    source,
  };
}

const zoo = pointAt(opening, 'zoo');
const own = pointAt(withLambda(0.5), 'design');
const recipes = [withLambda(0.5), withLambda(0.9)];
const ids = recipes.map((recipe) => mergeId(recipe, catalogue, card));
const plan: Plan = { recipes, ids, tasks: ['digits'], startedAt: 0, doneBefore: 0 };

beforeEach(async () => {
  await clear();
  useStudio.setState({ ...untouched, card, points: [zoo] }, true);
});
afterEach(() => useStudio.setState(untouched, true));

/** What a reload leaves: the card and its own points. */
async function reload(reloaded = card, samples = 512): Promise<void> {
  // Longer than the wait that gathers changes.
  await new Promise((resolve) => setTimeout(resolve, 800));
  useStudio.setState({ ...untouched, card: reloaded, points: [zoo] }, true);
  await recallKept(reloaded, samples);
}

it('gives measured points and an unfinished plan back after a reload, paused', async () => {
  startKeeping(card, 512);
  const comparisons = [{ id: 'random', scope: 's', points: [own] }] as const;
  const predictions = { [own.mergeId]: { digits: 0.7 } };
  const search = { phase: 'measuring', done: 1, total: 2, secondsLeft: 9 } as const;
  useStudio.setState({ points: [zoo, own], plan, comparisons, predictions, search });
  await reload();
  const now = useStudio.getState();
  expect(now.points).toEqual([zoo, own]);
  expect(now.comparisons).toEqual(comparisons);
  expect(now.predictions).toEqual(predictions);
  expect(now.plan).toEqual(plan);
  expect(now.search).toEqual({ phase: 'paused', done: 1, total: 2 });
  useStudio.getState().resumeMeasuring();
  expect(useStudio.getState().search).toEqual({ phase: 'measuring', done: 1, total: 2, secondsLeft: null });
  expect(useStudio.getState().plan?.doneBefore).toBe(1);
});

it('gives weights, pairs and a run of nested MAP back, as long as its plan waits', async () => {
  startKeeping(card, 512);
  const nestedRun = { study: 's', total: 40 };
  const { setPreference, pairByHand } = useStudio.getState();
  setPreference('digits', 0.8, false);
  pairByHand('digits', 'greek');
  useStudio.setState({ plan, nestedRun, search: { phase: 'measuring', done: 1, total: 2, secondsLeft: 9 } });
  await reload();
  expect(useStudio.getState()).toMatchObject({ preferences: { digits: 0.8 }, pairs: [['digits', 'greek']], nestedRun });
  useStudio.setState({ plan: null });
  await reload();
  expect(useStudio.getState().nestedRun).toBeNull();
});

it('gives the leaderboard and pins back, a run paused', async () => {
  startKeeping(card, 512);
  const merge = { mergeId: own.mergeId, recipe: own.recipe, test: { digits: { correct: 3, n: 4 } } };
  const first = { ...merge, prepareMs: 1, combineMs: 2 };
  const boards = { mix: { any: { mergeId: own.mergeId, first, failure: null, scores: [0.5], tuned: null } } };
  const boardRun = { scope: 'mix', measure: ['any'], tune: ['any'], paused: false };
  const gone = { ...merge, recipe: { ...own.recipe, chain: [{ method: 'gone', controls: {} }] } };
  useStudio.setState({ boards, boardRun, pins: { a: gone, b: merge } });
  await reload();
  const now = useStudio.getState();
  expect(now.boards).toEqual(boards);
  expect(now.boardRun).toEqual({ ...boardRun, paused: true });
  expect(now.pins, 'B takes the place of what no method can make').toEqual({ a: merge, b: null });
});

it('gives points back as those of the study that varies what varies now', async () => {
  startKeeping(card, 512);
  useStudio.setState({ points: [zoo, { ...own, study: 'of another vary', coefficients: [0.5, 0.2] }] });
  await reload();
  expect(useStudio.getState().points).toEqual([zoo, own]);
});

it('gives nothing back when the weights are others, or the samples', async () => {
  startKeeping(card, 512);
  useStudio.setState({ points: [zoo, own], plan });
  await reload({ ...card, base: { ...card.base, sha256: 'f'.repeat(64) } });
  expect(useStudio.getState().points).toEqual([zoo]);
  expect(useStudio.getState().plan).toBeNull();
  await reload(card, 64);
  expect(useStudio.getState().points).toEqual([zoo]);
});
