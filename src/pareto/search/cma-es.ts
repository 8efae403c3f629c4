/**
 * CMA-ES (Hansen 2016, arXiv 1604.00772), active, by ask and tell. The state is plain data and the samples are a function of it, so a
 * search can be stored between the two. To maximise.
 */
import { eigh } from '../../core/linalg/eigh.ts';
import { randomStream } from '../../core/random/counter.ts';
import type { Range } from '../point.ts';
import { type Strategy, strategy } from './cma-constants.ts';

export interface CmaOptions {
  readonly seed: number;
  readonly start: readonly number[];
  /** Standard deviation of the first samples in every coordinate. */
  readonly sigma: number;
  /** Samples outside are moved onto its border to be evaluated, and judged lower by the square of how far they were moved. */
  readonly box?: readonly Range[];
  /** λ */
  readonly offspring?: number;
  /** Also learn from the bad samples, on as in pycma. */
  readonly active?: boolean;
}

export interface CmaState {
  readonly seed: number;
  readonly box: readonly Range[] | undefined;
  readonly strategy: Strategy;
  readonly generation: number;
  readonly evaluations: number;
  readonly mean: Float64Array;
  readonly sigma: number;
  /** C, [n × n]. */
  readonly covariance: Float64Array;
  /** Of C, decomposed only now and then: standard deviations along the axes, and the axes as rows. */
  readonly lengths: Float64Array;
  readonly axes: Float64Array;
  readonly decomposedAt: number;
  /** Evolution paths p_σ and p_c. */
  readonly sigmaPath: Float64Array;
  readonly covariancePath: Float64Array;
  readonly best: { readonly x: readonly number[]; readonly value: number } | undefined;
}

export function cmaEs({ seed, start, sigma, box, offspring, active = true }: CmaOptions): CmaState {
  const n = start.length;
  if (!(sigma > 0 && start.every(Number.isFinite))) {
    throw new Error(`CMA-ES: starts at [${start.join(', ')}] with σ = ${sigma}; wanted finite numbers and σ above 0`);
  }
  if (box && box.length !== n)
    throw new Error(`CMA-ES: the box has ${box.length} sides, but the start ${n} coordinates`);
  const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return {
    seed,
    box,
    strategy: strategy(n, offspring, active),
    generation: 0,
    evaluations: 0,
    mean: Float64Array.from(start),
    sigma,
    covariance: identity,
    lengths: new Float64Array(n).fill(1),
    axes: identity,
    decomposedAt: 0,
    sigmaPath: new Float64Array(n),
    covariancePath: new Float64Array(n),
    best: undefined,
  };
}

/** The vectors to evaluate next, all inside the box: λ rows. The same state always asks for the same ones. */
export function ask(state: CmaState): number[][] {
  return steps(state).map((step) => clipped(state, place(state, step)));
}

/**
 * The state after one generation.
 * @param values of the vectors of `ask`, in their order
 * @throws Error when there are not as many values as vectors, or one is not a number
 */
export function tell(state: CmaState, values: readonly number[]): CmaState {
  const { strategy: constants, mean, sigma, generation } = state;
  if (values.length !== constants.offspring || values.some(Number.isNaN)) {
    throw new Error(`CMA-ES: told [${values.join(', ')}]; wanted ${constants.offspring} numbers`);
  }
  const drawn = steps(state);
  const judged = penalised(state, drawn, values);
  const ranked = drawn.map((_, k) => k).sort((k, l) => (judged[l] ?? 0) - (judged[k] ?? 0) || k - l);
  const sorted = ranked.map((k) => drawn[k] ?? mean);
  const { parents, weights, muEff, cSigma, dSigma, cC, chi } = constants;
  const shift = mean.map((_, i) => sum(sorted.slice(0, parents), (y, k) => (weights[k] ?? 0) * (y[i] ?? 0)));
  const whitened = whiten(state, shift);
  const sigmaPath = blend(state.sigmaPath, 1 - cSigma, whitened, Math.sqrt(cSigma * (2 - cSigma) * muEff));
  const length = norm(sigmaPath);
  const settled = Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1)));
  const h = length / settled < (1.4 + 2 / (mean.length + 1)) * chi ? 1 : 0;
  const covariancePath = blend(state.covariancePath, 1 - cC, shift, h * Math.sqrt(cC * (2 - cC) * muEff));
  const next = {
    ...state,
    generation: generation + 1,
    evaluations: state.evaluations + values.length,
    mean: blend(mean, 1, shift, sigma),
    sigma: sigma * Math.exp((cSigma / dSigma) * (length / chi - 1)),
    covariance: adapted(state, sorted, covariancePath, h),
    sigmaPath,
    covariancePath,
    best: bestOf(state, drawn, values),
  };
  return decomposed(next);
}

/** y = B·D·z of each sample: the step from the mean in units of σ. */
function steps({ seed, generation, strategy: { offspring }, lengths, axes }: CmaState): Float64Array[] {
  const n = lengths.length;
  const random = randomStream(seed, `cma-es ${generation}`);
  return Array.from({ length: offspring }, () => {
    const y = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      const along = (lengths[j] ?? 0) * random.normal();
      for (let i = 0; i < n; i++) y[i] = (y[i] ?? 0) + along * (axes[j * n + i] ?? 0);
    }
    return y;
  });
}

function place({ mean, sigma }: CmaState, step: Float64Array): Float64Array {
  return blend(mean, 1, step, sigma);
}

function clipped({ box }: CmaState, x: Float64Array): number[] {
  return Array.from(x, (value, i) => Math.min(box?.[i]?.max ?? value, Math.max(box?.[i]?.min ?? value, value)));
}

/** In units of this generation's own spread of values, so that no scale has to be known. */
function penalised(state: CmaState, drawn: readonly Float64Array[], values: readonly number[]): readonly number[] {
  const { box } = state;
  if (!box) return values;
  const spread = Math.max(...values) - Math.min(...values) || 1;
  return values.map((value, k) => {
    const x = place(state, drawn[k] ?? state.mean);
    const inside = clipped(state, x);
    const moved = box.map(({ min, max }, i) => ((x[i] ?? 0) - (inside[i] ?? 0)) / (max - min || 1));
    return value - spread * moved.reduce((total, part) => total + part * part, 0);
  });
}

/** C^(−½)·y */
function whiten({ lengths, axes }: CmaState, y: Float64Array): Float64Array {
  const n = y.length;
  const white = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let along = 0;
    for (let i = 0; i < n; i++) along += (axes[j * n + i] ?? 0) * (y[i] ?? 0);
    along /= lengths[j] ?? 1;
    for (let i = 0; i < n; i++) white[i] = (white[i] ?? 0) + along * (axes[j * n + i] ?? 0);
  }
  return white;
}

/** Rank-one and rank-μ update; a negative weight counts as if its step had the expected length. */
function adapted(state: CmaState, sorted: readonly Float64Array[], path: Float64Array, h: number): Float64Array {
  const { weights, c1, cMu, cC } = state.strategy;
  const n = path.length;
  const stalled = (1 - h) * cC * (2 - cC);
  const kept = 1 + c1 * stalled - c1 - cMu * weights.reduce((total, w) => total + w, 0);
  const scaled = sorted.map((y, k) => {
    const w = weights[k] ?? 0;
    return w >= 0 ? w : (w * n) / (norm(whiten(state, y)) ** 2 || 1);
  });
  return state.covariance.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const ranks = sum(sorted, (y, k) => (scaled[k] ?? 0) * (y[i] ?? 0) * (y[j] ?? 0));
    return kept * value + c1 * (path[i] ?? 0) * (path[j] ?? 0) + cMu * ranks;
  });
}

/** Lengths below this share of the longest are rounding. */
const LEAST_LENGTH = 1e-10;

/** A decomposition costs n³, so it waits until C has changed enough to be worth one. */
function decomposed(state: CmaState): CmaState {
  const n = state.mean.length;
  const { c1, cMu } = state.strategy;
  if (state.generation - state.decomposedAt < 1 / (c1 + cMu) / n / 10) return state;
  const { values, vectors } = eigh(state.covariance, n);
  const longest = Math.sqrt(Math.max(values[0] ?? 0, Number.MIN_VALUE));
  const lengths = values.map((value) => Math.max(Math.sqrt(Math.max(value, 0)), LEAST_LENGTH * longest));
  return { ...state, lengths, axes: vectors, decomposedAt: state.generation };
}

function bestOf(state: CmaState, drawn: readonly Float64Array[], values: readonly number[]): CmaState['best'] {
  let best = state.best;
  for (const [k, value] of values.entries()) {
    if (best === undefined || value > best.value)
      best = { x: clipped(state, place(state, drawn[k] ?? state.mean)), value };
  }
  return best;
}

function blend(a: Float64Array, scaleA: number, b: Float64Array, scaleB: number): Float64Array {
  return a.map((value, i) => scaleA * value + scaleB * (b[i] ?? 0));
}

function sum(vectors: readonly Float64Array[], term: (vector: Float64Array, k: number) => number): number {
  let total = 0;
  for (const [k, vector] of vectors.entries()) total += term(vector, k);
  return total;
}

function norm(x: Float64Array): number {
  return Math.sqrt(x.reduce((total, value) => total + value * value, 0));
}
