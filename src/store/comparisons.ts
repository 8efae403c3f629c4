/** What a search is compared with: which merges belong to a comparison, what they cost, and what came of them. Pure. */
import catalogue from 'virtual:catalogue';
import { sumRecipe, trainedRecipe } from '../formats/baseline-recipes.ts';
import type { Card } from '../formats/card.ts';
import { coefficientsOf, type Space } from '../formats/coefficients.ts';
import { mergeId } from '../formats/merge-id.ts';
import type { Recipe } from '../formats/recipe.ts';
import { samplingRange } from '../pareto/design/design.ts';
import { type Outcomes, outcomeValue } from '../pareto/point.ts';
import { randomSearch, rewardedSoups, sharedLambdaLine } from '../pareto/search/baselines.ts';
import { type GreedySoup, greedySoup } from '../pareto/search/greedy-soup.ts';
import { recipeAt } from './point-recipe.ts';
import type { Comparison, ComparisonId, ParetoPoint } from './state.ts';
import { axesOf } from './study.ts';

/** In the order in which they are told. */
export const COMPARISONS: readonly ComparisonId[] = ['random', 'shared', 'soups', 'greedy', 'trained'];

export const COMPARISON_NAMES: Readonly<Record<ComparisonId, string>> = {
  random: 'random search',
  shared: 'shared λ',
  soups: 'rewarded soups',
  greedy: 'greedy soup',
  trained: 'AdaMerging',
};

/** As many λ as rewarded soups take between two models. */
const SHARED_LAMBDAS = 11;

/**
 * The mixes that a comparison belongs to. Random search is at home in one study; the others are what they are whatever
 * method is on the screen.
 */
export function comparisonScope(id: ComparisonId, recipe: Pick<Recipe, 'experts' | 'seed'>, study: string): string {
  if (id === 'random') return study;
  const experts = recipe.experts.join();
  return id === 'trained' ? `${experts} ${recipe.seed}` : experts;
}

/** Mean calibration accuracy of the merge with this id, 0…1; undefined before it is measured. */
export type Tasted = (id: string) => number | undefined;

export interface Members {
  /** What is to be measured; of a comparison whose measurements decide the next merge, as far as it is decided. */
  readonly recipes: readonly Recipe[];
  readonly expected: number;
}

export interface Given {
  readonly card: Card;
  /** What is varied: a random search draws from all of it, the others from the coefficients of experts. */
  readonly space: Space;
  /** Merges of a random search. */
  readonly budget: number;
  readonly tasted: Tasted;
}

export function membersOf(id: ComparisonId, recipe: Recipe, { card, space, budget, tasted }: Given): Members {
  const experts = recipe.experts.length;
  const sum = (lambda: readonly number[]) => sumRecipe(recipe, catalogue, lambda);
  const all = (recipes: readonly Recipe[]) => ({ recipes, expected: recipes.length });
  switch (id) {
    case 'random':
      return all(
        randomSearch(axesOf(recipe, space).map(samplingRange), budget, recipe.seed).map((c) =>
          recipeAt(recipe, c.map(snapped), space),
        ),
      );
    case 'shared':
      return all(
        sharedLambdaLine(experts, sharedRange(sum([]), space), SHARED_LAMBDAS).map((c) => sum(c.map(snapped))),
      );
    case 'soups':
      return all(rewardedSoups(experts).map(sum));
    case 'greedy':
      // Each expert alone, and each but the best once as the next of the soup.
      return { recipes: tastings(recipe, card, tasted).recipes, expected: 2 * experts - 1 };
    case 'trained':
      return all([trainedRecipe(recipe, catalogue)]);
  }
}

/** Thousandths, as in a design: finer than any slider's effect, and short in a link. */
const snapped = (value: number) => Number(value.toFixed(3));

function sharedRange(sum: Recipe, { blocks }: Space) {
  const [first] = axesOf(sum, { blocks, vary: [] });
  if (!first) throw new Error('a sum of experts has no coefficients');
  return samplingRange(first);
}

/** A greedy soup as far as its tastings are known: its merges so far, the next one last, or the soup itself. */
function tastings(recipe: Recipe, card: Card, tasted: Tasted) {
  const recipes: Recipe[] = [];
  const tasting = greedySoup({ experts: recipe.experts.length, accept: '>' });
  let step = tasting.next();
  while (!step.done) {
    const own = sumRecipe(recipe, catalogue, step.value);
    recipes.push(own);
    const score = tasted(mergeId(own, catalogue, card));
    if (score === undefined) return { recipes };
    step = tasting.next(score);
  }
  return { recipes, soup: step.value };
}

/** Mean accuracy over tasks, all weighed alike. */
export function meanAccuracy(outcomes: Outcomes, tasks: readonly string[]): number {
  return (
    tasks.reduce((sum, task) => sum + (outcomes[task] ? outcomeValue(outcomes[task]) : Number.NaN), 0) / tasks.length
  );
}

/** The soup that the tastings led to; undefined before the last of them. */
function soupOf({ points }: Comparison, card: Card): GreedySoup | undefined {
  const [first] = points;
  if (!first) return undefined;
  const { experts } = first.recipe;
  const known = new Map(points.map((point) => [point.mergeId, meanAccuracy(point.calibration, experts)]));
  return tastings(first.recipe, card, (id) => known.get(id)).soup;
}

/** What a comparison offers in the end: all its merges, but of a greedy soup only the soup. */
export function offered(comparison: Comparison, card: Card): readonly ParetoPoint[] {
  if (comparison.id !== 'greedy') return comparison.points;
  const soup = soupOf(comparison, card)?.coefficients.join();
  return comparison.points.filter(({ coefficients }) => coefficients.join() === soup);
}

/** Whether a merge of this recipe has a coefficient to vary at all: comparisons are between mixes of two or more. */
export const isComparable = (recipe: Recipe): boolean =>
  recipe.experts.length > 1 && coefficientsOf(recipe, catalogue).length > 0;

/** Merges that MAP has measured in a study, here or when the zoo was made: the budget that a random search gets. */
export const searched = (points: readonly ParetoPoint[], study: string): readonly ParetoPoint[] =>
  points.filter((point) => point.study === study && (point.source === 'design' || point.source === 'zoo'));
