/** Which experts a recipe merges, and in which order. */
import type { Catalogue } from '../methods/metadata.ts';
import { carriedShape } from './curves.ts';
import {
  type Control,
  type ControlValue,
  defaultStep,
  dependsOnOrder,
  isGroupable,
  knownMethod,
  type Recipe,
  storedGroups,
} from './recipe.ts';

/** A card's experts, or other models in the order in which they are listed. */
interface Roster {
  readonly experts: readonly { readonly id: string }[];
}

/**
 * Merges these experts; those that stay keep their coefficients, new ones get defaults. They stand in the card's order, or where the
 * order is part of the recipe in the one given.
 */
export function withExperts(recipe: Recipe, ids: readonly string[], catalogue: Catalogue, card: Roster): Recipe {
  const inCardOrder = card.experts.map(({ id }) => id).filter((id) => ids.includes(id));
  const experts = dependsOnOrder(recipe, catalogue)
    ? [...new Set(ids)].filter((id) => inCardOrder.includes(id))
    : inCardOrder;
  const carried = (control: Control, value: ControlValue | undefined, groups: number) => {
    if (typeof value !== 'object') return value ?? control.default;
    const each = isGroupable(control) ? groups : 1;
    return experts.flatMap((id) => {
      const place = recipe.experts.indexOf(id) * each;
      return Array.from({ length: each }, (_, g) => value[place + g] ?? control.default);
    });
  };
  const chain = recipe.chain.map((step) => {
    const method = knownMethod(catalogue, step.method);
    const groups = storedGroups(step);
    const all = Object.entries(method.controls);
    const given = all.map(([key, control]) => [key, carried(control, step.controls[key], groups)]);
    const places = experts.map((id) => recipe.experts.indexOf(id));
    const plain = defaultStep(method, experts.length, Object.fromEntries(given), groups);
    return { ...plain, ...carriedShape(step, method, places) };
  });
  return { ...recipe, experts, chain };
}

/** The same experts with one of them at another place, counted from 0; coefficients go along. */
export function withExpertAt(recipe: Recipe, id: string, place: number, catalogue: Catalogue, card: Roster): Recipe {
  const others = recipe.experts.filter((other) => other !== id);
  const at = Math.min(others.length, Math.max(0, place));
  return withExperts(recipe, [...others.slice(0, at), id, ...others.slice(at)], catalogue, card);
}
