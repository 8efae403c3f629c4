/** A plan whose vectors are drawn: what `studio plan` writes into a folder is what the page packs into an archive. */
import { MAX_DIMENSIONS } from '../core/random/sobol.ts';
import { MAX_MERGES, mergePlan, type PlanAxis, type PlanFile, type PlanSource, planned } from './merge-plan.ts';

/** Draws vectors over the axes, a longer design beginning with the shorter one. */
export type Design = (axes: readonly PlanAxis[], count: number, seed: number) => number[][];

export interface DrawnPlanRequest {
  readonly source: PlanSource;
  readonly count: number;
  readonly seed: number;
  readonly design: Design;
  /** Unknowns of one task's surrogate. */
  readonly unknowns: number;
  /** Tasks of lm-evaluation-harness for the scripts, separated by commas. */
  readonly tasks?: string | undefined;
  /** Vectors that were measured already, in the order of the axes. */
  readonly known?: readonly (readonly number[])[];
}

export interface DrawnPlan {
  readonly files: readonly PlanFile[];
  /** What the configurations cannot say, and that the merges are few, a sentence each. */
  readonly notes: readonly string[];
}

/** @throws Error when there are too many coefficients or merges, or the tasks are no names */
export function drawnPlan({ source, count, seed, design, unknowns, tasks, known = [] }: DrawnPlanRequest): DrawnPlan {
  const { axes, accepts, inexact } = source;
  if (axes.length > MAX_DIMENSIONS)
    throw new Error(`${axes.length} coefficients are too many: designs are made for at most ${MAX_DIMENSIONS}`);
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_MERGES))
    throw new Error(`got ${count} merges, wanted 1 to ${MAX_MERGES}: plan more of them in several folders`);
  const taken = new Set(known.map((vector) => planned(vector).join()));
  // A weighted mean cannot have all weights 0, so one more is drawn.
  const vectors = design(axes, count + 1 + taken.size, seed)
    .map(planned)
    .filter((vector) => accepts(vector) && !taken.has(vector.join()))
    .slice(0, count);
  const files = mergePlan(source, vectors, tasks === undefined ? {} : { tasks });
  const few = `${count} merges do not determine the ${unknowns} unknowns per task of ${axes.length} coefficients; ${2 * unknowns} do it well.`;
  return { files, notes: [...inexact, ...(count + taken.size < unknowns ? [few] : [])] };
}
