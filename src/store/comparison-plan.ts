/** How a plan that measures a comparison goes on, and what it has brought so far. Pure. */
import catalogue from 'virtual:catalogue';
import type { Card } from '../formats/card.ts';
import { mergeId } from '../formats/merge-id.ts';
import { meanAccuracy, membersOf } from './comparisons.ts';
import type { Comparison, ParetoPoint, Plan } from './state.ts';

/** The plan with the merges that those measured so far decide; the same plan where they decide nothing new. */
export function grown(plan: Plan, measured: readonly ParetoPoint[], card: Card): Plan {
  const [first] = plan.recipes;
  if (!first || plan.comparison?.id !== 'greedy') return plan;
  const known = new Map(measured.map((point) => [point.mergeId, meanAccuracy(point.calibration, plan.tasks)]));
  const { recipes } = membersOf('greedy', first, {
    card,
    space: { vary: [], blocks: card.model.blocks },
    budget: 0,
    tasted: (id) => known.get(id),
  });
  if (recipes.length === plan.recipes.length) return plan;
  return { ...plan, recipes, ids: recipes.map((recipe) => mergeId(recipe, catalogue, card)) };
}

/** The newest last; it takes the place of what was known of it. */
export function withComparison(all: readonly Comparison[], comparison: Comparison): readonly Comparison[] {
  const { id, scope } = comparison;
  return [...all.filter((other) => other.id !== id || other.scope !== scope), comparison];
}
