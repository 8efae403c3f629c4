import catalogue from 'virtual:catalogue';
import type { StateCreator } from 'zustand';
import { mergeId } from '../formats/merge-id.ts';
import type { ParetoSlice, StudioState } from './state.ts';
import { designRecipes } from './study.ts';

export const paretoSlice: StateCreator<StudioState, [], [], ParetoSlice> = (set) => ({
  points: [],
  search: { phase: 'idle' },
  exploration: null,
  plan: null,
  msPerSample: null,
  measurePoints: () =>
    set(({ recipe, card }) => {
      if (!recipe || !card) return {};
      const recipes = designRecipes(recipe);
      const ids = recipes.map((own) => mergeId(own, catalogue, card));
      return {
        plan: { recipes, ids, tasks: recipe.experts, startedAt: performance.now(), doneBefore: 0 },
        search: { phase: 'measuring', done: 0, total: recipes.length, secondsLeft: null },
      };
    }),
  pauseMeasuring: () =>
    set(({ search }) =>
      search.phase === 'measuring' ? { search: { phase: 'paused', done: search.done, total: search.total } } : {},
    ),
  resumeMeasuring: () =>
    set(({ search, plan }) => {
      if (search.phase !== 'paused' || !plan) return {};
      const { done, total } = search;
      return {
        plan: { ...plan, startedAt: performance.now(), doneBefore: done },
        search: { phase: 'measuring', done, total, secondsLeft: null },
      };
    }),
  stopMeasuring: () =>
    set(({ search }) =>
      search.phase === 'measuring' || search.phase === 'paused'
        ? { plan: null, search: { phase: 'stopped', done: search.done, total: search.total } }
        : {},
    ),
});
