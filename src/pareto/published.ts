/**
 * MAP as its authors published it (Li et al. 2024, arXiv 2406.07529), beside ours: Levenberg–Marquardt from ones, and a search
 * far outside what was sampled. For comparison only.
 */
import type { Observed } from './map.ts';
import { outcomeValue } from './point.ts';
import { candidateFront } from './search/candidates.ts';
import { rowsOf } from './search/population.ts';
import { fitAsPublished, PUBLISHED_BOX, type PublishedFit } from './surrogate/as-published.ts';
import { features } from './surrogate/features.ts';
import { fromLink, type Link } from './surrogate/link.ts';
import { dot } from './surrogate/regression.ts';

export interface PublishedGoal {
  readonly key: string;
  readonly minimised: boolean;
}

export interface Published {
  readonly fits: readonly { readonly key: string; readonly link: Link; readonly fit: PublishedFit }[];
  /** What the published fits promise in the published box; undefined while a fit is missing or not finite. */
  readonly front:
    | readonly { readonly coefficients: readonly number[]; readonly values: readonly number[] }[]
    | undefined;
}

/** @param goals two or more metrics of the measured merges for a front; a share gets the sigmoid, anything else the softplus */
export function asPublished(observed: readonly Observed[], goals: readonly PublishedGoal[]): Published {
  const fits = goals.map(({ key }) => {
    const points = observed.flatMap(({ coefficients, outcomes }) => {
      const outcome = outcomes[key];
      return outcome ? [{ coefficients, value: outcomeValue(outcome) }] : [];
    });
    const link: Link = points.every(({ value }) => 0 <= value && value <= 1) ? 'sigmoid' : 'softplus';
    return { key, link, fit: fitAsPublished(points, link) };
  });
  return { fits, front: frontOf(fits, goals, observed[0]?.coefficients.length ?? 0) };
}

function frontOf(fits: Published['fits'], goals: readonly PublishedGoal[], n: number): Published['front'] {
  const usable = fits.flatMap(({ link, fit }, i) =>
    'beta' in fit && fit.beta.every(Number.isFinite)
      ? [{ link, beta: fit.beta, sign: goals[i]?.minimised ? -1 : 1 }]
      : [],
  );
  if (usable.length < goals.length || goals.length < 2) return undefined;
  const betas = usable.map(({ beta, sign }) => beta.map((term) => sign * term));
  const { x, count } = candidateFront(
    betas,
    Array.from({ length: n }, () => PUBLISHED_BOX),
    { seed: 1 },
  );
  return rowsOf(x, count).map((c) => {
    const phi = features(c);
    return { coefficients: [...c], values: usable.map(({ beta, link }) => fromLink({ link }, dot(phi, beta))) };
  });
}
