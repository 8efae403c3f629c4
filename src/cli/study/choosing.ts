/** Two ways to spend the evaluations that are left after a design. */
import type { Axis } from '../../pareto/design/design.ts';
import { fitSurrogates, frontOf, type Observed } from '../../pareto/map.ts';
import { propose } from '../../pareto/propose.ts';
import { hypervolumeGain } from '../../pareto/quality/hypervolume.ts';
import { taskObjectives } from '../../pareto/surrogate/objective.ts';
import { BATCH, CHOSEN } from './sizes.ts';

export interface Start {
  readonly goals: readonly string[];
  readonly axes: readonly Axis[];
  /** The measured design, on the calibration split. */
  readonly designed: readonly Observed[];
  readonly seed: number;
}

/** Measures vectors on the calibration split. */
export type Measure = (vectors: readonly (readonly number[])[]) => Promise<Observed[]>;

/** As the page goes on: batches by Thompson sampling, the surrogates fitted anew after each. @returns all merges */
export async function inBatches({ goals, axes, designed, seed }: Start, measure: Measure): Promise<Observed[]> {
  let observed = [...designed];
  const wanted = designed.length + CHOSEN;
  while (observed.length < wanted) {
    const count = Math.min(BATCH, wanted - observed.length);
    const surrogates = fitSurrogates({ observed, tasks: goals });
    const vectors = propose({ surrogates, objectives: taskObjectives(goals), observed, axes, count, seed });
    if (vectors.length === 0) throw new Error('there is no merge left to propose');
    observed = [...observed, ...(await measure(vectors))];
  }
  return observed;
}

/** At once: of the predicted front those merges that together cover the most, by prediction. @returns all merges */
export async function predictedFront({ goals, designed, seed }: Start, measure: Measure): Promise<Observed[]> {
  const front = frontOf({
    surrogates: fitSurrogates({ observed: designed, tasks: goals }),
    objectives: taskObjectives(goals),
    observed: designed,
    seed,
  });
  const known = new Set(designed.map(({ coefficients }) => coefficients.join()));
  const fresh = front.filter(({ coefficients }) => !known.has(coefficients.join()));
  const values = fresh.map((point) => point.values);
  const vectors = mostCovering(values, CHOSEN).map((i) => fresh[i]?.coefficients ?? []);
  return [...designed, ...(await measure(vectors))];
}

/** Indices of points that one after the other add most to the volume above 0; all of them where there are no more. */
export function mostCovering(values: readonly (readonly number[])[], count: number): number[] {
  const chosen: number[] = [];
  const left = new Set(values.keys());
  while (chosen.length < count && left.size > 0) {
    const covered = chosen.map((i) => values[i] ?? []);
    let [best, most] = [-1, -1];
    for (const i of left) {
      const point = values[i] ?? [];
      const gain = hypervolumeGain(
        covered,
        point,
        point.map(() => 0),
      );
      if (gain > most) [best, most] = [i, gain];
    }
    chosen.push(best);
    left.delete(best);
  }
  return chosen;
}
