/**
 * The front of fitted quadratics without evolution: many Sobol' candidates inside the box, improved for a fan of preferences by
 * projected gradient steps, filtered by dominance on the raw quadratics. An increasing link keeps the set the same, and
 * saturated accuracies tie no points.
 */
import { sobol } from '../../core/random/sobol.ts';
import { nonDominatedRows } from '../front/filter.ts';
import type { Range } from '../point.ts';
import { quadraticOf } from '../surrogate/features.ts';
import { ascend, RAW } from './ascent.ts';
import { joined, type Population, row, selected } from './population.ts';
import { quadraticValues } from './quadratics.ts';

/** Enough for a smooth line with two coefficients; the gradient steps make up for the thin cover of eight. */
const CANDIDATES = 4096;
/** Preferences between two objectives for which a candidate is improved. */
const PREFERENCES = 65;

export interface CandidateOptions {
  readonly seed: number;
  readonly candidates?: number;
  /** Coefficient vectors to consider too, measured ones for example; moved into the box. */
  readonly known?: readonly ArrayLike<number>[];
}

/**
 * Non-dominated candidates with their raw quadratics; of two objectives by falling first, of more by falling sum.
 * @param betas one quadratic per objective, to be maximised, in the order of `features`
 */
export function candidateFront(
  betas: readonly ArrayLike<number>[],
  box: readonly Range[],
  { seed, candidates = CANDIDATES, known = [] }: CandidateOptions,
): Population {
  const n = box.length;
  const drawn = valued(betas, drawnVectors(box, candidates, seed, known), n);
  const objectives = betas.map((beta) => ({ quadratic: quadraticOf(beta, n), metric: RAW }));
  const improved = fan(betas.length).flatMap((weights) =>
    ascend(row(drawn.x, bestFor(weights, drawn), n), weights, objectives, box),
  );
  const all = joined(drawn, valued(betas, Float64Array.from(improved), n));
  const front = nonDominatedRows(all.f, betas.length);
  if (betas.length === 2) front.sort((i, j) => (all.f[2 * j] ?? 0) - (all.f[2 * i] ?? 0));
  return selected(all, front);
}

function valued(betas: readonly ArrayLike<number>[], x: Float64Array, n: number): Population {
  return { count: x.length / n, x, f: quadraticValues(betas, x, n) };
}

/** Scrambled Sobol' points stretched to the box, then the known vectors. */
function drawnVectors(
  box: readonly Range[],
  count: number,
  seed: number,
  known: readonly ArrayLike<number>[],
): Float64Array {
  const n = box.length;
  const x = new Float64Array((count + known.length) * n);
  x.set(sobol(n, count, seed));
  for (const [i, c] of known.entries()) for (let k = 0; k < n; k++) x[(count + i) * n + k] = c[k] ?? Number.NaN;
  for (const [k, { min, max }] of box.entries()) {
    for (let i = 0; i < count; i++) x[i * n + k] = min + (x[i * n + k] ?? 0) * (max - min);
    for (let i = count; i < count + known.length; i++) x[i * n + k] = Math.min(max, Math.max(min, x[i * n + k] ?? min));
  }
  return x;
}

/** Preferences: a fan between two objectives; for more, each alone, each pair and all equally. */
function fan(objectives: number): number[][] {
  if (objectives === 2)
    return Array.from({ length: PREFERENCES }, (_, i) => [i / (PREFERENCES - 1), 1 - i / (PREFERENCES - 1)]);
  const indices = Array.from({ length: objectives }, (_, i) => i);
  const pairs = indices.flatMap((i) => indices.slice(i).map((j) => indices.map((k) => (k === i || k === j ? 1 : 0))));
  return [...pairs, indices.map(() => 1)];
}

function bestFor(weights: readonly number[], { count, f }: Population): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let m = 0; m < weights.length; m++) value += (weights[m] ?? 0) * (f[i * weights.length + m] ?? 0);
    if (value > highest) [best, highest] = [i, value];
  }
  return best;
}
