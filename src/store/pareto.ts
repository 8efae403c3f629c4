import type { StateCreator } from 'zustand';
import { selectSpace } from './space.ts';
import type { ParetoSlice, StudioState } from './state.ts';
import { designRecipes, planOf } from './study.ts';

/** Merges that are chosen and measured at a time. */
export const NEXT = 8;

export const paretoSlice: StateCreator<StudioState, [], [], ParetoSlice> = (set) => ({
  points: [],
  search: { phase: 'idle' },
  exploration: null,
  generation: null,
  plan: null,
  msPerSample: null,
  brushes: {},
  floors: {},
  preference: { among: 'measured', weights: {}, wish: {} },
  addPoints: (added) =>
    set(({ points }) => {
      const known = new Set(points.filter(({ source }) => source !== 'file').map((point) => point.mergeId));
      const fresh = new Map(
        added.flatMap((point) => (known.has(point.mergeId) ? [] : [[point.mergeId, point] as const])),
      );
      return { points: [...points.filter(({ mergeId }) => !fresh.has(mergeId)), ...fresh.values()] };
    }),
  setBrush: (axis, range) => set(({ brushes }) => ({ brushes: changed(brushes, axis, range) })),
  setBrushes: (changes) =>
    set(({ brushes }) => ({
      brushes: Object.entries(changes).reduce((all, [axis, range]) => changed(all, axis, range), brushes),
    })),
  setFloor: (task, floor) => set(({ floors }) => ({ floors: changed(floors, task, floor) })),
  clearLimits: () => set({ brushes: {}, floors: {} }),
  prefer: (change) => set(({ preference }) => ({ preference: { ...preference, ...change } })),
  measurePoints: () =>
    set((state) => {
      const { recipe, card, view } = state;
      if (!recipe || !card) return {};
      const recipes = designRecipes(recipe, selectSpace(state), view?.map.design);
      return {
        plan: planOf(recipes, card),
        search: { phase: 'measuring', done: 0, total: recipes.length, secondsLeft: null },
      };
    }),
  measureMore: () =>
    set(({ recipe, card, search }) =>
      recipe && card && search.phase !== 'measuring' && search.phase !== 'paused'
        ? { search: { phase: 'choosing' } }
        : {},
    ),
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

function changed<T>(record: Readonly<Record<string, T>>, key: string, value: T | undefined): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return value === undefined ? rest : { ...rest, [key]: value };
}
