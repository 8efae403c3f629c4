/** Comparisons of the mix on the screen: what they would cost, and what they cover beside MAP. */
import catalogue from 'virtual:catalogue';
import { mergeId } from '../formats/merge-id.ts';
import type { Recipe } from '../formats/recipe.ts';
import { nonDominated } from '../pareto/front/dominance.ts';
import { coverageOf, goalValues } from '../pareto/map.ts';
import { samplesOf } from '../pareto/point.ts';
import type { Volume } from '../pareto/quality/hypervolume.ts';
import {
  COMPARISONS,
  comparisonScope,
  isComparable,
  meanAccuracy,
  membersOf,
  offered,
  searched,
  type Tasted,
} from './comparisons.ts';
import { memo } from './memo.ts';
import type { Split } from './plotted.ts';
import { selectStudy } from './selectors.ts';
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
  ],
  (recipe, study, card, points, comparisons, msPerSample): readonly Cost[] => {
    if (!recipe || !card || study === null || !isComparable(recipe)) return [];
    const known = measuredHere({ points, comparisons });
    const tasted: Tasted = (id) => {
      const point = known.get(id);
      return point && meanAccuracy(point.calibration, recipe.experts);
    };
    const samples = recipe.experts.length * (calibrationSize(card) + DESIGN_TEST_SAMPLES);
    return COMPARISONS.map((id) => {
      const { recipes, expected } = membersOf(id, recipe, searched(points, study).length, card, tasted);
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

/** A set of merges as one number per split: chosen on calibration, reported on test. */
export interface Outcome {
  readonly id: ComparisonId | 'map';
  /** Merges that were measured for it. */
  readonly merges: number;
  /** Volume that the set covers on the split that chooses, and that its chosen front covers on the test split. */
  readonly volume: { readonly calibration: Volume; readonly test: Volume };
  /** Mean accuracy over all tasks of the merge that is best on calibration, on both splits. */
  readonly best: { readonly calibration: number; readonly test: number };
  /** Samples per task, the fewest, on each split. */
  readonly n: Readonly<Record<Split, number>>;
}

/**
 * What MAP's merges and each comparison of the mix on the screen cover, MAP first.
 * @param goals tasks that span the volume; the reference is 0 % of each
 */
export function outcomesOf(state: StudioState, goals: readonly string[]): readonly Outcome[] {
  const { card, recipe, points } = state;
  const study = selectStudy(state);
  if (!card || !recipe || study === null) return [];
  const own = searched(points, study);
  const map = outcomeOf({ id: 'map', merges: own.length, points: own }, goals, recipe.experts);
  const others = selectComparisons(state).map((comparison) => {
    const { id, points: measured } = comparison;
    return outcomeOf({ id, merges: measured.length, points: offered(comparison, card) }, goals, recipe.experts);
  });
  return [map, ...others].flatMap((outcome) => outcome ?? []);
}

interface Measured extends Pick<Outcome, 'id' | 'merges'> {
  readonly points: readonly ParetoPoint[];
}

function outcomeOf(
  { id, merges, points }: Measured,
  goals: readonly string[],
  tasks: readonly string[],
): Outcome | undefined {
  const complete = points.filter(({ calibration, test }) => goals.every((goal) => calibration[goal] && test[goal]));
  const valuesOn = (split: Split) =>
    goalValues(
      complete.map((point) => ({ ...point, outcomes: point[split] })),
      goals,
    );
  const calibration = valuesOn('calibration');
  const test = valuesOn('test');
  const reference = goals.map(() => 0);
  const chosen = nonDominated(calibration).map((i) => test[i] ?? []);
  const mean = (point: ParetoPoint, split: Split) => meanAccuracy(point[split], tasks);
  const [first] = complete.toSorted((a, b) => mean(b, 'calibration') - mean(a, 'calibration'));
  if (!first) return undefined;
  const fewest = (split: Split) =>
    Math.min(...complete.flatMap((point) => goals.map((goal) => samplesOf(point[split][goal]))));
  return {
    id,
    merges,
    volume: {
      calibration: coverageOf(calibration, reference).volume,
      test: coverageOf(chosen, reference).volume,
    },
    best: { calibration: mean(first, 'calibration'), test: mean(first, 'test') },
    n: { calibration: fewest('calibration'), test: fewest('test') },
  };
}
