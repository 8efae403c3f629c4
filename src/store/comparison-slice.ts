import catalogue from 'virtual:catalogue';
import type { StateCreator } from 'zustand';
import { mergeId } from '../formats/merge-id.ts';
import { predict } from '../pareto/surrogate/predict.ts';
import { measuredHere } from './comparison-views.ts';
import { comparisonScope, isComparable, membersOf, searched } from './comparisons.ts';
import { selectExploration, selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { ComparisonSlice, StudioState } from './state.ts';
import { coefficientValues, planOf } from './study.ts';

export const comparisonSlice: StateCreator<StudioState, [], [], ComparisonSlice> = (set) => ({
  comparisons: [],
  hidden: [],
  training: null,
  predictions: {},
  compareWith: (id) =>
    set((state) => {
      const { recipe, card, search, hidden } = state;
      const study = selectStudy(state);
      const busy = search.phase === 'measuring' || search.phase === 'paused' || search.phase === 'choosing';
      if (!recipe || !card || study === null || busy || !isComparable(recipe)) return {};
      const budget = searched(state.points, study).length;
      // What is known already is found again before anything is measured.
      const { recipes, expected } = membersOf(id, recipe, {
        card,
        space: selectSpace(state),
        budget,
        tasted: () => undefined,
      });
      if (expected === 0) return {};
      const comparison = { id, scope: comparisonScope(id, recipe, study) };
      const plan = { ...planOf(recipes, card), comparison, expected };
      const known = measuredHere(state);
      return {
        hidden: hidden.filter((other) => other !== id),
        plan: { ...plan, doneBefore: plan.ids.filter((own) => known.has(own)).length },
        search: { phase: 'measuring', done: 0, total: expected, secondsLeft: null },
      };
    }),
  showComparison: (id, shown) =>
    set(({ hidden }) => {
      const others = hidden.filter((other) => other !== id);
      return { hidden: shown ? others : [...others, id] };
    }),
  rememberPredictions: (recipes) =>
    set((state) => {
      const { card, points, predictions } = state;
      const exploration = selectExploration(state);
      if (!card || !exploration) return {};
      const known = new Set(points.map((point) => point.mergeId));
      const surrogates = Object.entries(exploration.calibration);
      const fresh = recipes.flatMap((recipe) => {
        const id = mergeId(recipe, catalogue, card);
        const c = coefficientValues(recipe, selectSpace(state));
        if (known.has(id)) return [];
        return [[id, Object.fromEntries(surrogates.map(([task, fit]) => [task, predict(fit, c).mean]))] as const];
      });
      return fresh.length === 0 ? {} : { predictions: { ...predictions, ...Object.fromEntries(fresh) } };
    }),
});
