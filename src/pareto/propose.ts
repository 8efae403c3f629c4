/** A batch of merges to measure next: where the measured front is likely to gain most (map-live S7, Thompson sampling). */
import { randomStream } from '../core/random/counter.ts';
import { sobol } from '../core/random/sobol.ts';
import { byThompson, byVariance, type Hypervolume } from './design/active.ts';
import { type Axis, samplingRange, scale } from './design/design.ts';
import { goalValues, type Observed } from './map.ts';
import { estimateHypervolume, hypervolume } from './quality/hypervolume.ts';
import { taskObjective } from './surrogate/objective.ts';
import type { Surrogate } from './surrogate/predict.ts';

const CANDIDATES = 2048;
/** Exact volumes of more objectives would take longer than the measurements that they are to spare. */
const MOST_EXACT_OBJECTIVES = 4;
const VOLUME_SAMPLES = 2048;

export interface ProposeRequest {
  readonly surrogates: ReadonlyMap<string, Surrogate>;
  readonly goals: readonly string[];
  readonly observed: readonly Observed[];
  readonly axes: readonly Axis[];
  readonly count: number;
  readonly seed: number;
}

/**
 * Vectors inside the sampling ranges, none of them measured before, none twice. While there are only as many merges as unknowns
 * they are those that teach the surrogates most.
 * @throws Error when a goal has no surrogate
 */
export function propose({ surrogates, goals, observed, axes, count, seed }: ProposeRequest): number[][] {
  const own = goals.map((goal) => {
    const surrogate = surrogates.get(goal);
    if (!surrogate) throw new Error(`${goal} has no surrogate yet: measure more merges first`);
    return surrogate;
  });
  const box = axes.map(samplingRange);
  // Merges measured so far shift the sequence: the next batch sees candidates of its own.
  let left = scale(sobol(axes.length, CANDIDATES, seed + observed.length), box).map((c) => snapped(c, axes));
  const taken = new Set(observed.map(({ coefficients }) => coefficients.join()));
  const random = randomStream(seed, `propose ${observed.length}`);
  const measured = goalValues(observed, goals);
  const volume: Hypervolume =
    goals.length > MOST_EXACT_OBJECTIVES
      ? (points, reference) => estimateHypervolume(points, reference, VOLUME_SAMPLES).value
      : hypervolume;
  const chosen: number[][] = [];
  while (chosen.length < count) {
    left = left.filter((c) => !taken.has(c.join()));
    if (left.length === 0) break;
    const index =
      byThompson(
        {
          candidates: left,
          objectives: goals.map((goal) => taskObjective(goal, goal)),
          sources: { surrogates },
          measured,
          reference: goals.map(() => 0),
          hypervolume: volume,
        },
        random,
      ) ?? byVariance(left, own);
    const next = left[index] ?? [];
    taken.add(next.join());
    chosen.push(next);
  }
  return chosen;
}

/** Thousandths are finer than any slider's effect, and keep links short. */
const DIGITS = 3;

function snapped(c: readonly number[], axes: readonly Axis[]): number[] {
  return c.map((value, i) => {
    const { min, max } = axes[i] ?? { min: value, max: value };
    return Math.min(max, Math.max(min, Number(value.toFixed(DIGITS))));
  });
}
