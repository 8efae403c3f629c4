/** The name of a merge: the same weights wanted, the same id, whatever runs it and whoever looks at it. */
import { sha256Hex } from '../core/hash.ts';
import type { Catalogue } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import { CURVE_GROUPS } from './curves.ts';
import { groupsOf, isVisible, knownMethod, type Recipe, type Step, usesSeed } from './recipe.ts';
import { countingCurves } from './recipe-curves.ts';

/** 48 bits: two of a million merges share an id with a chance of 1 in 500. */
const ID_DIGITS = 12;

/**
 * All that decides the merged weights, as JSON with sorted keys: chain with method revisions, controls except those hidden by
 * an unmet `when`, experts in order, and the seed only where a step draws random numbers. Groups of layers, curves and filters are
 * told only where there are some, so that every id from before there were any is still the same.
 */
export function canonicalRecipe(recipe: Recipe, catalogue: Catalogue): string {
  const chain = recipe.chain.map((step) => canonicalStep(step, catalogue));
  const seed = usesSeed(recipe, catalogue) ? { seed: recipe.seed } : {};
  return JSON.stringify({ chain, experts: recipe.experts, family: recipe.family, ...seed });
}

function canonicalStep(step: Step, catalogue: Catalogue) {
  const { revision, controls } = knownMethod(catalogue, step.method);
  const counting = Object.entries(controls)
    .filter(([, control]) => isVisible(step, control))
    .map(([key]) => [key, step.controls[key]] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const groups = groupsOf(step, catalogue);
  const curves = canonicalCurves(step, catalogue);
  return {
    controls: counting,
    ...(curves && { curves }),
    ...(step.filter && { filter: [step.filter.without, step.filter.names] }),
    ...(groups > 1 && { layerGroups: groups }),
    method: step.method,
    revision,
  };
}

function canonicalCurves(step: Step, catalogue: Catalogue) {
  const counting = countingCurves(step, catalogue);
  return (
    counting &&
    Object.entries(counting)
      .map(([key, curves]) => {
        const all = curves.map(({ points, groups }) => [points, CURVE_GROUPS.map((group) => groups[group])]);
        return [key, all] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1))
  );
}

/**
 * Twelve hex digits of a hash over the canonical recipe and the SHA-256 of the base's and the experts' files; neither backend
 * nor view enters.
 */
export function mergeId(recipe: Recipe, catalogue: Catalogue, card: Card): string {
  const files = recipe.experts.map((id) => card.experts.find((expert) => expert.id === id)?.sha256 ?? `missing ${id}`);
  const content = [canonicalRecipe(recipe, catalogue), card.base.sha256, ...files].join('\n');
  return sha256Hex(content).slice(0, ID_DIGITS);
}
