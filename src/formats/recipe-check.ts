/** Why a recipe cannot be merged, in words. */
import type { Catalogue } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import { refuseGroups } from './layer-groups.ts';
import { findMethod, groupsOf, knownMethod, mergeStep, type Recipe, type Step } from './recipe.ts';

/**
 * Why this recipe cannot be merged and what to do, or undefined when it can. Reasons that only a method's own code knows
 * (a normalised average with Σ = 0) are told by the engine through the method's `check`.
 */
export function checkRecipe(recipe: Recipe, catalogue: Catalogue, card: Card): string | undefined {
  if (recipe.family !== card.family) {
    return `The recipe is for the family “${recipe.family}”, but “${card.family}” is open: open that family first.`;
  }
  const stranger = recipe.experts.find((id) => !card.experts.some((expert) => expert.id === id));
  if (stranger !== undefined) {
    return `There is no expert “${stranger}” in ${card.name}: choose among ${card.experts.map((e) => e.id).join(', ')}.`;
  }
  if (recipe.experts.length === 0) return 'No expert is chosen: switch at least one on.';
  return (
    checkChain(recipe.chain, catalogue) ??
    checkCounts(recipe, catalogue) ??
    checkShape(mergeStep(recipe, catalogue), catalogue) ??
    checkDepth(recipe, catalogue, card) ??
    refuseGroups(groupsOf(mergeStep(recipe, catalogue), catalogue), card)
  );
}

/** Only blocks of equal shape can be left out or repeated. */
function checkDepth({ chain }: Recipe, catalogue: Catalogue, { name, model }: Card): string | undefined {
  const deeper = chain.map((step) => knownMethod(catalogue, step.method)).find((method) => method.changesDepth);
  if (!deeper || model.architecture === 'vit') return undefined;
  return `${deeper.name} stacks blocks of equal shape, and ${name} has layers of its own shapes: choose another method.`;
}

/** The part of `checkRecipe` that is about the steps alone: known ones, exactly one merge, in order, none twice. */
export function checkChain(chain: readonly Step[], catalogue: Catalogue): string | undefined {
  const unknown = chain.find((step) => !findMethod(catalogue, step.method));
  if (unknown) return `There is no method “${unknown.method}” in this studio: choose another one.`;
  const kinds = chain.map((step) => knownMethod(catalogue, step.method).kind);
  const merges = kinds.filter((kind) => kind === 'merge').length;
  const names = chain.map((step) => step.method).join(' + ');
  if (merges === 0) return `“${names}” does not say how to merge: add one merging method.`;
  if (merges > 1) return `“${names}” has ${merges} merging methods: keep one.`;
  const rank = { pre: 0, merge: 1, post: 2 };
  const ordered = kinds.every((kind, i) => i === 0 || rank[kinds[i - 1] ?? kind] <= rank[kind]);
  if (!ordered)
    return `The steps of “${names}” are out of order: first what changes the experts, then the merge, then the rest.`;
  const deeper = chain.map((step) => knownMethod(catalogue, step.method)).find((method) => method.changesDepth);
  const follower = chain.find((step) => knownMethod(catalogue, step.method).kind === 'post');
  if (deeper && follower) {
    const { name } = knownMethod(catalogue, follower.method);
    return `${deeper.name} changes the depth of the network, so ${name} cannot compare it with the base: remove ${name}.`;
  }
  const twice = chain.find((step, i) => chain.findIndex((other) => other.method === step.method) < i);
  return twice ? `“${twice.method}” is in the chain twice: keep one.` : undefined;
}

function checkCounts(recipe: Recipe, catalogue: Catalogue): string | undefined {
  const n = recipe.experts.length;
  const chosen = n === 1 ? '1 is' : `${n} are`;
  for (const step of recipe.chain) {
    const { name, needs } = knownMethod(catalogue, step.method);
    const { min, max } = needs.experts;
    if (min === max && n !== min) {
      const todo = n > min ? `leave ${n - min} out` : `add ${min - n}`;
      return `${name} needs exactly ${min} experts and ${chosen} chosen: ${todo}.`;
    }
    if (n < min) return `${name} needs at least ${min} experts and ${chosen} chosen: add ${min - n}.`;
    if (max !== undefined && n > max)
      return `${name} takes at most ${max} experts and ${chosen} chosen: leave ${n - max} out.`;
  }
  return undefined;
}

/** Steps of this studio never come to that: a file may. */
function checkShape({ method, curves, filter }: Step, catalogue: Catalogue): string | undefined {
  const { name, changesDepth } = knownMethod(catalogue, method);
  if (!changesDepth || !(curves || filter)) return undefined;
  return `${name} changes the depth of the network: it takes no ${curves ? 'curves over the layers' : 'filter of tensors'}.`;
}
