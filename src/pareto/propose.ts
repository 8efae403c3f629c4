/** A batch of merges to measure next: where the measured front is likely to gain most (map-live S7, Thompson sampling). */
import { randomStream } from '../core/random/counter.ts';
import { sobol } from '../core/random/sobol.ts';
import { byFrontUncertainty, byThompson, byVariance, type Hypervolume } from './design/active.ts';
import { type Axis, samplingRange, scale } from './design/design.ts';
import { nonDominated } from './front/dominance.ts';
import { goalValues, type Observed, referenceOf } from './map.ts';
import { proposeByAngles } from './propose-angles.ts';
import { estimateHypervolume, hypervolume } from './quality/hypervolume.ts';
import { metricsOf, type Objective } from './surrogate/objective.ts';
import { objectiveValues, type Sources } from './surrogate/objective-values.ts';
import type { Surrogate } from './surrogate/predict.ts';

const CANDIDATES = 2048;
/** Exact volumes of more objectives would take longer than the measurements that they are to spare. */
const MOST_EXACT_OBJECTIVES = 4;
const VOLUME_SAMPLES = 2048;
/** Vectors drawn by angles for each that is wanted. */
const DRAWS = 4;

/**
 * How the next merges are chosen: where the measured front is likely to gain most (Thompson sampling), where the surrogates know
 * least, on the predicted front where they know least, or by Bayesian MAP's bins of angles.
 */
export type Rule = 'thompson' | 'variance' | 'front' | 'angles';

export interface ProposeRequest {
  readonly surrogates: ReadonlyMap<string, Surrogate>;
  readonly objectives: readonly Objective[];
  /** `thompson` unless told. */
  readonly rule?: Rule;
  readonly observed: readonly Observed[];
  readonly axes: readonly Axis[];
  readonly count: number;
  readonly seed: number;
}

/**
 * Vectors inside the sampling ranges, none of them measured before, none twice. While there are only as many merges as unknowns
 * they are those that teach the surrogates most.
 * @throws Error when an objective has no surrogate
 */
export function propose(request: ProposeRequest): number[][] {
  const { surrogates, objectives, observed, axes, count, seed } = request;
  const own = [...new Set(objectives.flatMap(metricsOf))].map((metric) => {
    const surrogate = surrogates.get(metric);
    if (!surrogate) throw new Error(`${metric} has no surrogate yet: measure more merges first`);
    return surrogate;
  });
  if (request.rule === 'angles') return byAngles(request);
  const box = axes.map(samplingRange);
  // Merges measured so far shift the sequence: the next batch sees candidates of its own.
  let left = scale(sobol(axes.length, CANDIDATES, seed + observed.length), box).map((c) => snapped(c, axes));
  const taken = new Set(observed.map(({ coefficients }) => coefficients.join()));
  const rule = ruleOf(request, own);
  const chosen: number[][] = [];
  while (chosen.length < count) {
    left = left.filter((c) => !taken.has(c.join()));
    if (left.length === 0) break;
    const next = left[rule.choose(left)] ?? [];
    taken.add(next.join());
    chosen.push(next);
    rule.expect(next);
  }
  return chosen;
}

/** What is drawn may have been measured already, or twice: it is asked for until there are enough, or for long enough. */
function byAngles({ surrogates, objectives, observed, axes, count, seed }: ProposeRequest): number[][] {
  const used = new Set(objectives.flatMap(metricsOf));
  const own = new Map([...surrogates].filter(([metric]) => used.has(metric)));
  const taken = new Set(observed.map(({ coefficients }) => coefficients.join()));
  const drawn = proposeByAngles({ surrogates: own, observed, count: DRAWS * count, seed }).map((c) => snapped(c, axes));
  return drawn.filter((c) => !taken.has(c.join()) && taken.add(c.join())).slice(0, count);
}

interface Chooser {
  /** Index of a candidate. */
  choose(left: readonly (readonly number[])[]): number;
  /** This one will be measured: what is predicted of it counts for the rest of the batch, or the batch would bunch up. */
  expect(chosen: readonly number[]): void;
}

const nothing = () => {};

function ruleOf(request: ProposeRequest, own: readonly Surrogate[]): Chooser {
  const { surrogates, objectives, observed, seed, rule = 'thompson' } = request;
  const sources = { surrogates };
  if (rule === 'variance') return { choose: (left) => byVariance(left, own), expect: nothing };
  if (rule === 'front') return { choose: (left) => onFront(left, objectives, sources, own), expect: nothing };
  const random = randomStream(seed, `propose ${observed.length}`);
  const measured = goalValues(observed, objectives);
  const reference = referenceOf(measured, objectives);
  const predicted = objectiveValues(objectives, sources);
  const volume: Hypervolume =
    objectives.length > MOST_EXACT_OBJECTIVES
      ? (points, worst) => estimateHypervolume(points, worst, VOLUME_SAMPLES).value
      : hypervolume;
  return {
    choose: (left) =>
      byThompson({ candidates: left, objectives, sources, measured, reference, hypervolume: volume }, random) ??
      byVariance(left, own),
    expect: (chosen) => {
      measured.push(predicted(chosen));
    },
  };
}

function onFront(
  left: readonly (readonly number[])[],
  objectives: readonly Objective[],
  sources: Sources,
  own: readonly Surrogate[],
): number {
  const front = nonDominated(left.map(objectiveValues(objectives, sources, 'quadratic')));
  const members = front.map((i) => left[i] ?? []);
  return front[byFrontUncertainty(members, own)] ?? 0;
}

/** Thousandths are finer than any slider's effect, and keep links short. */
const DIGITS = 3;

function snapped(c: readonly number[], axes: readonly Axis[]): number[] {
  return c.map((value, i) => {
    const { min, max } = axes[i] ?? { min: value, max: value };
    return Math.min(max, Math.max(min, Number(value.toFixed(DIGITS))));
  });
}
