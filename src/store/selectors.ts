/** Values derived from the state, remembered until what they depend on changes. */

import { wilson } from '../core/stats/wilson.ts';
import type { Card } from '../formats/card.ts';
import { buildLink } from '../formats/link.ts';
import { mergeId } from '../formats/merge-id.ts';
import type { Recipe } from '../formats/recipe.ts';
import { accuracyOf, referenceAccuracy } from '../formats/scores.ts';
import { type Estimate, predict } from '../pareto/surrogate/predict.ts';
import { catalogue } from './catalogue.ts';
import { elsewhereRows } from './elsewhere/rows.ts';
import { memo } from './memo.ts';
import { ACCURACY, type TaskMetric } from './metrics.ts';
import { selectSpace } from './space.ts';
import type { Measurement, StudioState } from './state.ts';
import { budgetOf, coefficientValues, studyOf } from './study.ts';
import { calibrationSize, DESIGN_TEST_SAMPLES } from './tiers.ts';

/** Id of the recipe on the screen; null while there is none. */
export const selectMergeId = memo(
  (state: StudioState) => [state.recipe, state.card],
  (recipe, card) => (recipe && card ? mergeId(recipe, catalogue, card) : null),
);

/** Study of the recipe on the screen. */
export const selectStudy = memo(
  (state: StudioState) => [state.recipe, state.card, selectSpace(state)],
  (recipe, card, space) => (recipe && card ? studyOf(recipe, card, space) : null),
);

/** Surrogates and predicted front of the study on the screen; null while they are not fitted. */
export const selectExploration = memo(
  (state: StudioState) => [state.exploration, selectStudy(state)],
  (exploration, study) => (exploration && exploration.study === study ? exploration : null),
);

/** The newest generation of an evolving search over the study on the screen; null while none is under way. */
export const selectGeneration = memo(
  (state: StudioState) => [state.generation, selectStudy(state)],
  (generation, study) => (generation && generation.study === study ? generation : null),
);

const NO_ESTIMATE: Readonly<Record<string, Estimate>> = {};

/** Estimated test accuracy per task of the recipe on the screen, with a 95 % band; empty where no surrogate is fitted. */
const selectEstimate = memo(
  (state: StudioState) => [state.recipe, selectExploration(state), selectSpace(state)],
  (recipe, exploration, space) => {
    if (!recipe || !exploration) return NO_ESTIMATE;
    const c = coefficientValues(recipe, space);
    return Object.fromEntries(
      Object.entries(exploration.test).map(([task, surrogate]) => [task, predict(surrogate, c)]),
    );
  },
);

/** Merges that a search measures, the unknowns that they determine, and about how long it takes on this machine. */
export const selectBudget = memo(
  (state: StudioState) => [state.recipe, state.msPerSample, state.card, selectSpace(state)],
  (recipe, msPerSample, card, space) => {
    if (!recipe || !card) return null;
    const budget = budgetOf(recipe, space);
    const samples = budget.merges * recipe.experts.length * (calibrationSize(card) + DESIGN_TEST_SAMPLES);
    return { ...budget, samples, seconds: msPerSample === null ? null : (samples * msPerSample) / 1000 };
  },
);

/** The readable link of what is on the screen, starting with "#"; null while there is nothing to share. */
export const selectLink = memo(
  (state: StudioState) => [state.recipe, state.view, state.card, state.elsewhere],
  // A link cannot hold the measurements that a screen is made of.
  (recipe, view, card, elsewhere) =>
    recipe && view && card && !elsewhere ? buildLink(recipe, view, catalogue, card) : null,
);

/** Where a number on the screen comes from. */
export type TaskState = 'estimated' | 'measuring' | 'measured';

/** One row of the result: a task, its current number, and what to compare it with. Accuracies 0…1, or as the metric is kept. */
export interface TaskRow {
  readonly task: string;
  readonly name: string;
  readonly summary: string;
  readonly metric: TaskMetric;
  /** Least and most among the measured merges, where values are no accuracies; null for a scale of 0 to 100 %. */
  readonly span: readonly [number, number] | null;
  /** Index of the task's expert on the card: picks its colour and shape. */
  readonly index: number;
  /** False for tasks whose expert is left out, shown on request. */
  readonly merged: boolean;
  readonly state: TaskState;
  /** The merge that the numbers belong to. */
  readonly mergeId: string;
  readonly accuracy: number | null;
  readonly low: number;
  readonly high: number;
  /** Test samples behind a measured number; 0 for an estimate. */
  readonly n: number;
  /** Of the zoo's models; null for merges from elsewhere. */
  readonly base: number | null;
  readonly expert: number | null;
  readonly average: number | null;
  /** accuracy ÷ the expert's own on the same samples. */
  readonly ofExpert: number | null;
}

function rowValue(task: string, id: string, measurement: Measurement | null, estimate: Estimate | undefined) {
  const score = measurement?.test[task];
  const own = measurement?.mergeId === id;
  if (score && own)
    return { state: 'measured', accuracy: accuracyOf(score), ...wilson(score.correct, score.n), n: score.n } as const;
  if (estimate)
    return { state: 'estimated', accuracy: estimate.mean, low: estimate.low, high: estimate.high, n: 0 } as const;
  if (score)
    return { state: 'measuring', accuracy: accuracyOf(score), ...wilson(score.correct, score.n), n: score.n } as const;
  return { state: 'measuring', accuracy: null, low: 0, high: 1, n: 0 } as const;
}

function taskRows(
  card: Card | null,
  recipe: Recipe | null,
  allTasks: boolean,
  id: string | null,
  measurement: Measurement | null,
  estimates: Readonly<Record<string, Estimate>>,
  averages: StudioState['averages'],
): readonly TaskRow[] {
  if (!card || !recipe || id === null) return [];
  const average = averages[recipe.experts.join()];
  return card.tasks.flatMap((task): TaskRow[] => {
    const merged = recipe.experts.includes(task.id);
    if (!merged && !allTasks) return [];
    const value = rowValue(task.id, id, measurement, estimates[task.id]);
    const expert = referenceAccuracy(card, task.id, task.id, value.n);
    const mean = average?.[task.id];
    return [
      {
        task: task.id,
        name: task.name,
        summary: task.summary,
        metric: ACCURACY,
        span: null,
        index: card.experts.findIndex((model) => model.id === task.id),
        merged,
        mergeId: value.state === 'measuring' && measurement ? measurement.mergeId : id,
        ...value,
        base: referenceAccuracy(card, 'base', task.id, value.n),
        expert,
        average: mean ? accuracyOf(mean) : null,
        ofExpert: value.accuracy === null || expert === 0 ? null : value.accuracy / expert,
      },
    ];
  });
}

const selectZooRows = memo(
  (state: StudioState) => [
    state.card,
    state.recipe,
    state.view?.allTasks ?? false,
    selectMergeId(state),
    state.measurement,
    selectEstimate(state),
    state.averages,
  ],
  taskRows,
);

const selectElsewhereRows = memo(
  (state: StudioState) => [state.elsewhere, state.recipe, selectMergeId(state), selectEstimate(state)],
  (elsewhere, recipe, id, estimates) =>
    elsewhere && recipe && id !== null ? elsewhereRows(elsewhere, recipe, id, estimates) : [],
);

/** The rows of what is on the screen: a merge of the zoo, or one of which only measurements are here. */
export const selectTaskRows = (state: StudioState): readonly TaskRow[] =>
  state.elsewhere ? selectElsewhereRows(state) : selectZooRows(state);
