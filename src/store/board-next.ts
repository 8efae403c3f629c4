/** Which merge a leaderboard wants next, and what a measured one means for its method. Pure. */
import catalogue from 'virtual:catalogue';
import { type BoardEntry, meanScore } from '../formats/board.ts';
import type { Card } from '../formats/card.ts';
import { mergeId } from '../formats/merge-id.ts';
import type { Recipe } from '../formats/recipe.ts';
import { TUNE_BUDGET, tunedRecipe, tuningOf, tuningSpace } from '../formats/tuning.ts';
import { tune } from '../pareto/search/tune.ts';
import type { BoardFound, BoardMerge, BoardNext, BoardRun, Standing, Standings } from './board.ts';

/** Boards belong to the experts and the seed, whatever method is on the screen. */
export const boardScope = ({ experts, seed }: Pick<Recipe, 'experts' | 'seed'>): string => `${experts.join()} ${seed}`;

/** The standing of an entry; undefined while nothing is known of its merge with default controls. */
export function standingOf(entry: BoardEntry, standings: Standings, card: Card): Standing | undefined {
  const known = standings[entry.id];
  return known?.mergeId === idOf(entry.recipe, card) ? known : undefined;
}

const idOf = (recipe: Recipe, card: Card) => mergeId(recipe, catalogue, card);

/** Defaults first, so that the board is complete soon; then one tuning after the other. */
export function nextMerge(
  { measure, tune: tuned }: Pick<BoardRun, 'measure' | 'tune'>,
  entries: readonly BoardEntry[],
  standings: Standings,
  card: Card,
): BoardNext | undefined {
  const at = (entry: BoardEntry) => standingOf(entry, standings, card);
  const fresh = entries.find((entry) => (measure.includes(entry.id) || tuned.includes(entry.id)) && !at(entry));
  if (fresh) return next(fresh, 'default', fresh.recipe, card);
  for (const entry of entries) {
    const standing = at(entry);
    if (!standing?.first || standing.tuned || !tuned.includes(entry.id)) continue;
    const step = tuningStep(entry.recipe, standing.scores);
    if (step) return next(entry, step.kind, step.recipe, card);
  }
  return undefined;
}

function next(entry: BoardEntry, kind: BoardNext['kind'], recipe: Recipe, card: Card): BoardNext {
  const splits = { default: ['calibration', 'test'], trial: ['calibration'], tuned: ['test'] } as const;
  return { entry: entry.id, kind, recipe, mergeId: idOf(recipe, card), splits: splits[kind] };
}

/** What a tuning asks for after these scores: another merge to try, or its best to report. Undefined where there is nothing to tune. */
function tuningStep(recipe: Recipe, scores: readonly number[]): Pick<BoardNext, 'kind' | 'recipe'> | undefined {
  const tuning = tuningOf(recipe, catalogue);
  if (tuning.reason !== undefined) return undefined;
  const at = (values: readonly number[]) => tunedRecipe(recipe, catalogue, tuning, values);
  const search = tune({ ...tuningSpace(recipe, tuning), budget: TUNE_BUDGET });
  let step = search.next();
  for (const score of scores) {
    if (step.done) break;
    step = search.next(score);
  }
  return step.done ? { kind: 'tuned', recipe: at(step.value.coefficients) } : { kind: 'trial', recipe: at(step.value) };
}

/** The standings with what came of the merge that was wanted. */
export function withFound(standings: Standings, found: BoardFound): Standings {
  const { next: wanted } = found;
  const { entry, kind } = wanted;
  const known = standings[entry];
  const set = (standing: Standing): Standings => ({ ...standings, [entry]: standing });
  const blank = { mergeId: wanted.mergeId, first: null, failure: null, scores: [], tuned: null };
  if ('failure' in found) {
    if (kind === 'default') return set({ ...blank, failure: found.failure });
    // A trial that cannot be merged is worth nothing; a best one was merged before.
    if (known && kind === 'trial') return set({ ...known, scores: [...known.scores, 0] });
    return known ? set({ ...known, tuned: known.first }) : standings;
  }
  const score = meanScore(found.calibration, wanted.recipe.experts) ?? 0;
  const merge: BoardMerge = {
    mergeId: wanted.mergeId,
    recipe: wanted.recipe,
    test: found.test,
    prepareMs: found.info?.prepareMs ?? null,
    combineMs: found.info?.combineMs ?? null,
  };
  if (kind === 'default') return set({ ...blank, first: merge, scores: [score] });
  if (!known) return standings;
  return set(kind === 'trial' ? { ...known, scores: [...known.scores, score] } : { ...known, tuned: merge });
}

/** Whether a method of the board has something to tune, or why not. */
export const untunable = ({ recipe }: BoardEntry): string | undefined => tuningOf(recipe, catalogue).reason;
