/** Merge plans from what is on the screen, or from a mergekit configuration. They are made in a worker of their own. */

import type { PlanFrom, PlanReply, PlanRequest, Sampled } from '../../client/protocol.ts';
import { openSearch } from '../../client/search.ts';
import { COEFFICIENTS_ONLY } from '../../formats/coefficients.ts';
import { namedCoefficients } from '../point-recipe.ts';
import type { StudioState } from '../state.ts';

type Screen = Pick<StudioState, 'recipe' | 'elsewhere' | 'points' | 'configuration'>;

/** What a plan can be made of; undefined while there is nothing. */
export function planFrom(screen: Screen): PlanFrom | undefined {
  const { recipe, elsewhere, configuration } = screen;
  const sampled = elsewhere ? sampledBy(screen) : null;
  if (configuration) return { kind: 'configuration', ...configuration, sampled };
  if (sampled) return { kind: 'names', sampled };
  return recipe ? { kind: 'recipe', recipe } : undefined;
}

/** The sampled box: beyond it the surrogates that are there would only extrapolate. */
function sampledBy({ recipe, points }: Screen): Sampled {
  const coefficients = recipe ? namedCoefficients(recipe, COEFFICIENTS_ONLY) : [];
  return {
    axes: coefficients.map(({ key, min, max }) => ({ name: key, min, max, perExpert: false })),
    known: points.map(({ coefficients: vector }) => vector),
  };
}

export interface Planner {
  /** @returns undefined when a later request has taken its place */
  plan(request: PlanRequest): Promise<PlanReply | undefined>;
  close(): void;
}

export function openPlanner(): Planner {
  const search = openSearch();
  let latest = 0;
  return {
    async plan(request) {
      latest++;
      const own = latest;
      const reply = await search.plan(request);
      return own === latest ? reply : undefined;
    },
    close: () => search.close(),
  };
}
