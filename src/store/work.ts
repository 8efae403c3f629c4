/** What to measure next: a pure choice from the state and what has been measured already. */
import catalogue from 'virtual:catalogue';
import type { Slice } from '../client/protocol.ts';
import type { Card } from '../formats/card.ts';
import { mergeId } from '../formats/merge-id.ts';
import { averageRecipe, type Recipe } from '../formats/recipe.ts';
import type { Ledger } from './ledger.ts';
import type { StudioState } from './state.ts';
import { tasksOf } from './study.ts';
import { boardSamples, calibrationSize, DESIGN_TEST_SAMPLES, previewSize } from './tiers.ts';

export type Purpose = 'live' | 'average' | 'design' | 'point' | 'preview' | 'board';

export interface Work {
  readonly purpose: Purpose;
  readonly recipe: Recipe;
  readonly mergeId: string;
  /** Tasks whose scores are wanted, on the first `to` test samples. */
  readonly tasks: readonly string[];
  readonly to: number;
  readonly slices: readonly Slice[];
  /** The first look at the recipe on the screen: it is finished even when a newer recipe waits, or a drag would show nothing. */
  readonly first: boolean;
  /** Measured for a comparison: it becomes no point of its study. */
  readonly compared?: true;
}

export interface Circumstances {
  readonly state: Pick<StudioState, 'recipe' | 'view' | 'plan' | 'search' | 'dragOrigin' | 'preview' | 'boardNext'>;
  readonly card: Card;
  readonly tiers: readonly number[];
  readonly ledger: Ledger;
  /** Merges that failed or were refused: not tried again until something changes. */
  readonly given: ReadonlySet<string>;
}

/** The most urgent work that is left, or undefined. */
export function chooseWork(now: Circumstances): Work | undefined {
  const { recipe } = now.state;
  if (!recipe) return undefined;
  return (
    live(now, recipe) ?? average(now, recipe) ?? preview(now, recipe) ?? design(now) ?? point(now, recipe) ?? board(now)
  );
}

export function shownTasks({ state, card }: Pick<Circumstances, 'state' | 'card'>, recipe: Recipe): readonly string[] {
  return card.tasks.map(({ id }) => id).filter((id) => state.view?.allTasks || recipe.experts.includes(id));
}

/** A recipe with its merge id: asked for between any two units of samples, so that it is hashed as seldom as can be. */
type Named = Pick<Work, 'recipe' | 'mergeId'>;

const named = (recipe: Recipe, { card }: Circumstances): Named => ({
  recipe,
  mergeId: mergeId(recipe, catalogue, card),
});

function work(
  now: Circumstances,
  purpose: Purpose,
  merge: Named,
  parts: Pick<Work, 'tasks' | 'to' | 'first'>,
  missing: (id: string) => readonly Slice[],
): Work | undefined {
  if (now.given.has(merge.mergeId)) return undefined;
  const slices = missing(merge.mergeId);
  return slices.length === 0 ? undefined : { ...parts, ...merge, purpose, slices };
}

function live(now: Circumstances, recipe: Recipe): Work | undefined {
  const tasks = shownTasks(now, recipe);
  const merge = named(recipe, now);
  for (const [tier, to] of now.tiers.entries()) {
    const slices = (id: string) => now.ledger.missing(id, tasks, 'test', to);
    const found = work(now, 'live', merge, { tasks, to, first: tier === 0 }, slices);
    if (found) return found;
  }
  return undefined;
}

function average(now: Circumstances, recipe: Recipe): Work | undefined {
  const to = now.tiers.at(-1) ?? 0;
  const tasks = shownTasks(now, recipe);
  const slices = (id: string) => now.ledger.missing(id, tasks, 'test', to);
  return work(now, 'average', named(averageRecipe(recipe, catalogue), now), { tasks, to, first: false }, slices);
}

/** Somebody waits for it, so it goes before a plan that takes minutes. */
function preview(now: Circumstances, { experts }: Recipe): Work | undefined {
  if (!now.state.preview) return undefined;
  const { recipe, mergeId: id } = now.state.preview;
  const to = previewSize(now.tiers);
  const slices = () => now.ledger.missing(id, experts, 'test', to);
  return work(now, 'preview', { recipe, mergeId: id }, { tasks: experts, to, first: false }, slices);
}

function design(now: Circumstances): Work | undefined {
  if (now.state.search.phase === 'paused') return undefined;
  const { plan } = now.state;
  for (const [i, recipe] of (plan?.recipes ?? []).entries()) {
    const tasks = plan ? tasksOf(plan, i) : [];
    const merge = { recipe, mergeId: plan?.ids[i] ?? '' };
    const found = choosingWork(now, 'design', { merge, tasks, testSamples: DESIGN_TEST_SAMPLES });
    if (found) return plan?.comparison ? { ...found, compared: true } : found;
  }
  return undefined;
}

/** A merge that the user settled on becomes a point, once it has calibration scores too. */
function point(now: Circumstances, recipe: Recipe): Work | undefined {
  if (now.state.dragOrigin) return undefined;
  return choosingWork(now, 'point', {
    merge: named(recipe, now),
    tasks: recipe.experts,
    testSamples: now.tiers.at(-1) ?? 0,
  });
}

/** The leaderboard waits for everything else. What failed there is told there, and no reason to skip it here. */
function board({ state: { boardNext }, card, tiers, ledger }: Circumstances): Work | undefined {
  if (!boardNext) return undefined;
  const { recipe, mergeId: id, splits } = boardNext;
  const tasks = recipe.experts;
  const to = tiers.at(-1) ?? 0;
  const slices = splits.flatMap((split) => ledger.missing(id, tasks, split, boardSamples(split, card, to)));
  return slices.length === 0 ? undefined : { purpose: 'board', recipe, mergeId: id, tasks, to, slices, first: false };
}

interface Choosing {
  readonly merge: Named;
  readonly tasks: readonly string[];
  readonly testSamples: number;
}

function choosingWork(now: Circumstances, purpose: Purpose, { merge, tasks, testSamples }: Choosing) {
  const to = Math.min(testSamples, now.tiers.at(-1) ?? 0);
  const slices = (id: string) => [
    ...now.ledger.missing(id, tasks, 'calibration', Math.min(calibrationSize(now.card), to)),
    ...now.ledger.missing(id, tasks, 'test', to),
  ];
  return work(now, purpose, merge, { tasks, to, first: false }, slices);
}
