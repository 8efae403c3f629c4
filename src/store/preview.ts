/** What a method would do with its defaults, before it is chosen: measured already, or measured on request in idle time. */
import { type Interval, wilson } from '../core/stats/wilson.ts';
import { mergeId } from '../formats/merge-id.ts';
import { averageRecipe, knownMethod, type Recipe, withMethod } from '../formats/recipe.ts';
import { accuracyOf } from '../formats/scores.ts';
import type { Outcomes } from '../pareto/point.ts';
import { catalogue } from './catalogue.ts';
import type { StudioState } from './state.ts';
import { useStudio } from './studio.ts';

export interface MeasuredMethod {
  /** Mean accuracy over the tasks of the mix, 0…1. */
  readonly mean: number;
  /** Test images per task. */
  readonly n: number;
  readonly interval: Interval;
}

type Asked = Pick<StudioState, 'recipe' | 'card' | 'measurement' | 'previews' | 'points' | 'averages'>;

/** The mix merged by a method or preset with its defaults: what choosing it gives. */
const recipeOf = (recipe: Recipe, id: string): Recipe => withMethod(recipe, catalogue, id);

/** Merge ids by method, kept as long as the recipe is: hashing some sixty of them takes longer than a frame has. */
const ids = new WeakMap<Recipe, Map<string, string>>();

function mergeIdOf({ recipe, card }: Asked, id: string): string | undefined {
  if (!recipe || !card) return undefined;
  const known = ids.get(recipe) ?? new Map<string, string>();
  ids.set(recipe, known);
  const merge = known.get(id) ?? mergeId(recipeOf(recipe, id), catalogue, card);
  known.set(id, merge);
  return merge;
}

/** Scores of the mix's tasks that this machine has measured for a method with its defaults; those on the most images. */
function scoresOf(state: Asked, id: string): Outcomes | undefined {
  const { recipe, card, measurement, previews, points, averages } = state;
  const merge = mergeIdOf(state, id);
  if (!recipe || !card || merge === undefined) return undefined;
  const point = points.find((known) => known.mergeId === merge && known.source !== 'zoo' && known.source !== 'file');
  const average = averages[recipe.experts.join()];
  const candidates: readonly (Outcomes | null | undefined)[] = [
    measurement?.source === 'here' && measurement.mergeId === merge ? measurement.test : undefined,
    point?.test,
    average && mergeIdOf(state, averageRecipe(recipe, catalogue).chain[0]?.method ?? '') === merge
      ? average
      : undefined,
    previews[merge],
  ];
  const complete = candidates.flatMap((scores) => (scores && imagesOf(scores, recipe.experts) > 0 ? [scores] : []));
  return complete.sort((a, b) => imagesOf(b, recipe.experts) - imagesOf(a, recipe.experts))[0];
}

/** Images per task; 0 where a task is missing. */
const imagesOf = (scores: Outcomes, tasks: readonly string[]): number =>
  Math.min(...tasks.map((task) => scores[task]?.n ?? 0));

/** A selector has to give the same object for the same scores. */
const summaries = new WeakMap<Outcomes, { readonly tasks: string; readonly summary: MeasuredMethod }>();

/** What this machine has measured of a method or preset with its defaults on the mix on the screen. */
export function selectMeasuredMethod(state: Asked, id: string): MeasuredMethod | undefined {
  const scores = scoresOf(state, id);
  const tasks = state.recipe?.experts ?? [];
  if (!scores) return undefined;
  const known = summaries.get(scores);
  if (known?.tasks === tasks.join()) return known.summary;
  const summary = summarise(scores, tasks);
  summaries.set(scores, { tasks: tasks.join(), summary });
  return summary;
}

/**
 * Mean of the tasks' accuracies. Its 95 % interval is put together from the tasks' own (MOVER, Zou & Donner 2008): their distances
 * from the accuracies add up as those of independent samples do, so that it is as sound near 0 and 1 as they are.
 */
function summarise(scores: Outcomes, tasks: readonly string[]): MeasuredMethod {
  const counts = tasks.flatMap((task) => {
    const score = scores[task];
    return score && 'correct' in score ? [score] : [];
  });
  const count = Math.max(1, counts.length);
  const mean = counts.reduce((sum, score) => sum + accuracyOf(score), 0) / count;
  const distance = (to: 'low' | 'high') =>
    Math.hypot(...counts.map((score) => wilson(score.correct, score.n)[to] - accuracyOf(score))) / count;
  return {
    mean,
    n: imagesOf(scores, tasks),
    interval: { low: mean - distance('low'), high: mean + distance('high') },
  };
}

/** Whether a method may be measured only because somebody looks at it: training would take the machine for too long. */
const isPreviewable = (id: string, { recipe }: Pick<StudioState, 'recipe'>): boolean =>
  recipe !== null &&
  recipeOf(recipe, id).chain.every((step) => knownMethod(catalogue, step.method).needs.gradients !== true);

/** Asks for a method with its defaults to be measured on few images when nothing else is to do; undefined takes it back. */
export function previewMethod(id: string | undefined): void {
  const state = useStudio.getState();
  const { recipe, preview } = state;
  const merge = id === undefined ? undefined : mergeIdOf(state, id);
  if (merge !== undefined && preview?.mergeId === merge) return;
  const wanted = id !== undefined && isPreviewable(id, state) && !selectMeasuredMethod(state, id);
  if (wanted && recipe && merge !== undefined)
    useStudio.setState({ preview: { id, recipe: recipeOf(recipe, id), mergeId: merge } });
  else if (preview) useStudio.setState({ preview: null });
}

/** Whether that has been tried and cannot be merged. */
export function selectPreviewFailed(state: Asked, id: string): boolean {
  const merge = mergeIdOf(state, id);
  return merge !== undefined && state.previews[merge] === null;
}
