import type { StateCreator } from 'zustand';
import { withSumKept } from '../formats/locked-sum.ts';
import {
  type Control,
  clampValue,
  isGroupable,
  knownMethod,
  MAX_SEED,
  type Recipe,
  storedGroups,
  widestRange,
  withControl,
  withLayerGroups,
  withMethod,
  withoutStep,
  withStepMoved,
} from '../formats/recipe.ts';
import { withCurves, withFilter } from '../formats/recipe-curves.ts';
import { withExpertAt, withExperts } from '../formats/recipe-experts.ts';
import type { Catalogue } from '../methods/metadata.ts';
import { WHOLE } from './objectives.ts';
import type { RecipeSlice, StudioState } from './state.ts';

/** Undo steps kept. */
const MAX_PAST = 200;

/**
 * Sliders, methods, experts, undo. A drag is one undo step: `dragOrigin` holds the recipe before it until the pointer is
 * released.
 */
export const recipeSlice =
  (catalogue: Catalogue): StateCreator<StudioState, [], [], RecipeSlice> =>
  (set, get) => {
    const change = (make: (recipe: Recipe) => Recipe, live = false) =>
      set(({ recipe, dragOrigin, past, view }) => {
        if (!recipe) return {};
        const next = make(recipe);
        const origin = dragOrigin ?? recipe;
        if (live) return { recipe: next, dragOrigin: origin };
        const moved = JSON.stringify(next) !== JSON.stringify(origin);
        return {
          recipe: next,
          dragOrigin: null,
          ...(moved && { past: [...past, origin].slice(-MAX_PAST), future: [] }),
          ...(view && {
            view: { ...view, pair: pairWithin(next, view.pair, get().card?.tasks.map(({ id }) => id) ?? []) },
          }),
        };
      });

    /** All values of a per-expert control, one of which is wanted; the others of its layers go along where their sum is locked. */
    const moved = ({ control, old, groups }: Coefficients, place: number, value: number) => {
      if (!get().sumLocked || !isGroupable(control) || control.kind === 'choice') return replaced(old, place, value);
      return withSumKept(old, { place, value, groups }, widestRange(control));
    };

    const at = (recipe: Recipe, index: number) => {
      const step = recipe.chain[index];
      if (!step) throw new Error(`the chain has ${recipe.chain.length} steps, not ${index + 1}`);
      return step;
    };

    return {
      recipe: null,
      view: null,
      past: [],
      future: [],
      dragOrigin: null,
      sumLocked: false,
      refusedLink: null,
      linkNotes: [],
      setControl: (index, control, value, live) =>
        change((recipe) => withControl(recipe, catalogue, { method: at(recipe, index).method, control }, value), live),
      setCoefficient: (index, control, place, value, live) =>
        change((recipe) => {
          const step = at(recipe, index);
          const known = knownMethod(catalogue, step.method).controls[control];
          if (!known) throw new Error(`${step.method}: no control "${control}"`);
          const old = clampValue(known, step.controls[control], recipe.experts.length, storedGroups(step));
          return withControl(
            recipe,
            catalogue,
            { method: step.method, control },
            typeof old === 'object' ? moved({ control: known, old, groups: storedGroups(step) }, place, value) : value,
          );
        }, live),
      lockSum: (sumLocked) => set({ sumLocked }),
      setLayerGroups: (groups) => change((recipe) => withLayerGroups(recipe, catalogue, groups)),
      setCurves: (control, curves, live) => change((recipe) => withCurves(recipe, catalogue, control, curves), live),
      setFilter: (filter) => change((recipe) => withFilter(recipe, catalogue, filter)),
      chooseMethod: (id) => {
        const { card } = get();
        if (!card) return;
        change((recipe) => {
          const next = withMethod(recipe, catalogue, id);
          // Where the order no longer counts, it is the card's again.
          return withExperts(next, next.experts, catalogue, card);
        });
      },
      moveStep: (method, by) => change((recipe) => withStepMoved(recipe, catalogue, method, by)),
      moveExpert: (id, place) => {
        const { card } = get();
        if (card) change((recipe) => withExpertAt(recipe, id, place, catalogue, card));
      },
      removeStep: (method) => change((recipe) => withoutStep(recipe, method)),
      toggleExpert: (id) => {
        const { card } = get();
        if (!card) return;
        change((recipe) => {
          const ids = recipe.experts.includes(id)
            ? recipe.experts.filter((known) => known !== id)
            : [...recipe.experts, id];
          return withExperts(recipe, ids, catalogue, card);
        });
      },
      setSeed: (seed) =>
        change((recipe) => ({ ...recipe, seed: Math.min(MAX_SEED, Math.max(0, Math.round(seed) || 0)) })),
      adopt: (recipe) => change(() => recipe),
      setView: (part) => set(({ view }) => (view ? { view: { ...view, ...part } } : {})),
      undo: () =>
        set(({ recipe, past, future }) => {
          const before = past.at(-1);
          if (!recipe || !before) return {};
          return { recipe: before, past: past.slice(0, -1), future: [recipe, ...future], dragOrigin: null };
        }),
      redo: () =>
        set(({ recipe, past, future }) => {
          const [after, ...rest] = future;
          if (!recipe || !after) return {};
          return { recipe: after, past: [...past, recipe], future: rest, dragOrigin: null };
        }),
    };
  };

interface Coefficients {
  readonly control: Control;
  readonly old: readonly number[];
  readonly groups: number;
}

const replaced = (values: readonly number[], place: number, value: number) =>
  values.map((kept, i) => (i === place ? value : kept));

/** A pair of tasks that are in the mix, as far as there are two. */
function pairWithin(
  recipe: Recipe,
  pair: readonly [string, string],
  tasks: readonly string[],
): readonly [string, string] {
  const inMix = tasks.filter((task) => recipe.experts.includes(task));
  const fits = (id: string) => inMix.includes(id) || WHOLE.some((whole) => whole === id);
  if (pair.every(fits) || inMix.length < 2) return pair;
  const kept = pair.filter(fits);
  const [first, second] = [...kept, ...inMix.filter((task) => !kept.includes(task))];
  return first !== undefined && second !== undefined ? [first, second] : pair;
}
