/** How the open models are merged. */
import type { StateCreator } from 'zustand';
import {
  DEFAULT_SEED,
  plainChain,
  type Recipe,
  withControl,
  withLayerGroups,
  withMethod,
  withoutStep,
  withStepMoved,
} from '../../formats/recipe.ts';
import { withCurves, withFilter } from '../../formats/recipe-curves.ts';
import { withExpertAt } from '../../formats/recipe-experts.ts';
import { catalogue } from '../catalogue.ts';
import type { FilesState, MixSlice } from './state.ts';

const opening: Recipe = { family: 'files', experts: [], chain: plainChain(catalogue, 0, false), seed: DEFAULT_SEED };

export const mixSlice: StateCreator<FilesState, [], [], MixSlice> = (set) => {
  const change = (make: (recipe: Recipe, state: FilesState) => Recipe) =>
    set((state) => ({ recipe: make(state.recipe, state) }));
  return {
    recipe: opening,
    methodTouched: false,
    dtype: 'as-base',
    network: null,
    choices: {},
    configuration: null,
    methodChosen: (id) =>
      set(({ recipe }) => ({ recipe: withMethod(recipe, catalogue, id), methodTouched: true, configuration: null })),
    stepRemoved: (method) => change((recipe) => withoutStep(recipe, method)),
    stepMoved: (method, by) => change((recipe) => withStepMoved(recipe, catalogue, method, by)),
    expertMoved: (id, by) =>
      change((recipe, { models }) => {
        const roster = models.map(({ outline }) => ({ id: outline.id }));
        return withExpertAt(recipe, id, recipe.experts.indexOf(id) + by, catalogue, { experts: roster });
      }),
    controlMoved: (method, control, value) =>
      set(({ recipe }) => ({
        recipe: withControl(recipe, catalogue, { method, control }, value),
        methodTouched: true,
      })),
    curvesDrawn: (control, curves) => change((recipe) => withCurves(recipe, catalogue, control, curves)),
    layersDivided: (groups) => change((recipe) => withLayerGroups(recipe, catalogue, groups)),
    recipeReset: (recipe) => change(({ seed }) => ({ ...recipe, seed })),
    filterSet: (filter) => change((recipe) => withFilter(recipe, catalogue, filter)),
    seedSet: (seed) => change((recipe) => ({ ...recipe, seed })),
    networkChosen: (network) => set({ network }),
    dtypeChosen: (dtype) => set({ dtype }),
    choiceMade: (made) => set(({ choices }) => ({ choices: { ...choices, ...made } })),
    configurationOpened: (configuration) => set({ configuration }),
  };
};
