/** Objectives as numbers: estimates with bands to show, and plain values to be maximised for searches. */
import { features } from './features.ts';
import { fromLink } from './link.ts';
import { directionOf, metricsOf, type Objective } from './objective.ts';
import { deviation, type Estimate, predict, type Surrogate, Z } from './predict.ts';
import { dot } from './regression.ts';

/** What objectives are computed from. */
export interface Sources {
  /** By metric: a task's id, or `lossKey` of it. */
  readonly surrogates: ReadonlyMap<string, Surrogate>;
}

export interface ObjectiveEstimate extends Estimate {
  /** The band is a fit's own, by the delta method for independent errors of the tasks, or only approximate. */
  readonly band: 'fitted' | 'delta method' | 'approximate';
}

/**
 * An objective at c on its own scale, with its 95 % band. The worst task's mean is the worst of the means, which lies above the
 * expected worst; its band goes from the worst low end to the worst high end.
 * @throws Error when a surrogate is missing
 */
export function estimateObjective(objective: Objective, sources: Sources, c: ArrayLike<number>): ObjectiveEstimate {
  switch (objective.kind) {
    case 'metric':
      return { ...predict(surrogateFor(objective.metric, sources), c), band: 'fitted' };
    case 'average': {
      const surrogates = objective.metrics.map((metric) => surrogateFor(metric, sources));
      const mean = meanOf(surrogates.map((surrogate) => predict(surrogate, c).mean));
      const sd = Math.hypot(...surrogates.map((surrogate) => deviation(surrogate, c))) / surrogates.length;
      return { mean, low: mean - Z * sd, high: mean + Z * sd, band: 'delta method' };
    }
    case 'worst': {
      const each = objective.metrics.map((metric) => predict(surrogateFor(metric, sources), c));
      const worst = (values: readonly number[]) => worstOf(objective, values);
      return {
        mean: worst(each.map(({ mean }) => mean)),
        low: worst(each.map(({ low }) => low)),
        high: worst(each.map(({ high }) => high)),
        band: 'approximate',
      };
    }
  }
}

/**
 * Objectives as values of which more is always better, in their order: on their own scale with the sense as a sign (`metric`: for
 * hypervolumes, weights and gains), or with single metrics left on the scale of their quadratic (`quadratic`: the same Pareto
 * set, because links are increasing, without ties where a sigmoid saturates).
 * @throws Error when a surrogate is missing
 */
export function objectiveValues(
  objectives: readonly Objective[],
  sources: Sources,
  scale: 'metric' | 'quadratic' = 'metric',
): (c: ArrayLike<number>) => number[] {
  const keys = [...new Set(objectives.flatMap(metricsOf))];
  const surrogates = keys.map((metric) => surrogateFor(metric, sources));
  const places = objectives.map((objective) => metricsOf(objective).map((metric) => keys.indexOf(metric)));
  return (c) => {
    const phi = features(c);
    const raw = surrogates.map(({ beta }) => dot(phi, beta));
    const linked = surrogates.map((surrogate, i) => fromLink(surrogate, raw[i] ?? 0));
    return objectives.map((objective, i) => {
      const from = objective.kind === 'metric' && scale === 'quadratic' ? raw : linked;
      const values = (places[i] ?? []).map((place) => from[place] ?? 0);
      return directionOf(objective) * combine(objective, values);
    });
  };
}

/** An objective from the values of its metrics, in their order; on its own scale. */
export function combine(objective: Objective, values: readonly number[]): number {
  switch (objective.kind) {
    case 'metric':
      return values[0] ?? 0;
    case 'average':
      return meanOf(values);
    case 'worst':
      return worstOf(objective, values);
  }
}

function surrogateFor(metric: string, { surrogates }: Sources): Surrogate {
  const surrogate = surrogates.get(metric);
  if (!surrogate) {
    throw new Error(
      `there is no surrogate of "${metric}"; there are those of ${[...surrogates.keys()].join(', ') || 'none'}`,
    );
  }
  return surrogate;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function worstOf(objective: Objective, values: readonly number[]): number {
  return directionOf(objective) * Math.min(...values.map((value) => directionOf(objective) * value));
}
