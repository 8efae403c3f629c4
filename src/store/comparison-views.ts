/** Comparisons of the mix on the screen: what they would cost, and what they cover beside MAP. */
import catalogue from 'virtual:catalogue';
import { mergeId } from '../formats/merge-id.ts';
import type { Recipe } from '../formats/recipe.ts';
import {
  COMPARISONS,
  comparisonScope,
  isComparable,
  meanAccuracy,
  membersOf,
  searched,
  type Tasted,
} from './comparisons.ts';
import { memo } from './memo.ts';
import { selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { Comparison, ComparisonId, ParetoPoint, StudioState } from './state.ts';
import { calibrationSize, DESIGN_TEST_SAMPLES } from './tiers.ts';

type Known = ReadonlyMap<string, ParetoPoint>;

/** What this machine has measured, by merge id. */
export function measuredHere({ points, comparisons }: Pick<StudioState, 'points' | 'comparisons'>): Known {
  const all = [...points, ...comparisons.flatMap((comparison) => comparison.points)];
  const own = all.filter(({ source }) => source === 'slider' || source === 'design');
  return new Map(own.map((point) => [point.mergeId, point]));
}

/** Those of the mix on the screen, in the order in which they are told; a greedy soup once it is there. */
export const selectComparisons = memo(
  (state: StudioState) => [state.comparisons, state.recipe?.experts, state.recipe?.seed, selectStudy(state)],
  (comparisons, experts, seed, study): readonly Comparison[] => {
    if (!experts || seed === undefined || study === null) return [];
    return COMPARISONS.flatMap((id) => {
      const scope = comparisonScope(id, { experts, seed }, study);
      return comparisons.filter((each) => each.id === id && each.scope === scope && each.points.length > 0);
    });
  },
);

export interface Cost {
  readonly id: ComparisonId;
  /** Merges in all, and those of them that are not measured yet. */
  readonly merges: number;
  readonly left: number;
  /** For what is left, without trainings; null before anything was timed. */
  readonly seconds: number | null;
}

let seen: { readonly study: string; readonly recipe: Recipe } | undefined;

/** One recipe of the study on the screen, the same while its sliders move. */
function recipeOfStudy(state: StudioState): Recipe | null {
  const { recipe } = state;
  const study = selectStudy(state);
  if (!recipe || study === null) return null;
  if (seen?.study !== study || seen.recipe.seed !== recipe.seed) seen = { study, recipe };
  return seen.recipe;
}

/** What each comparison costs on this machine; empty where nothing can be compared. */
export const selectCosts = memo(
  (state: StudioState) => [
    recipeOfStudy(state),
    selectStudy(state),
    state.card,
    state.points,
    state.comparisons,
    state.msPerSample,
    selectSpace(state),
  ],
  (recipe, study, card, points, comparisons, msPerSample, space): readonly Cost[] => {
    if (!recipe || !card || study === null || !isComparable(recipe)) return [];
    const known = measuredHere({ points, comparisons });
    const tasted: Tasted = (id) => {
      const point = known.get(id);
      return point && meanAccuracy(point.calibration, recipe.experts);
    };
    const samples = recipe.experts.length * (calibrationSize(card) + DESIGN_TEST_SAMPLES);
    return COMPARISONS.map((id) => {
      const { recipes, expected } = membersOf(id, recipe, {
        card,
        space,
        budget: searched(points, study).length,
        tasted,
      });
      const left = expected - recipes.filter((own) => known.has(mergeId(own, catalogue, card))).length;
      return {
        id,
        merges: expected,
        left,
        seconds: msPerSample === null ? null : (left * samples * msPerSample) / 1000,
      };
    });
  },
);
