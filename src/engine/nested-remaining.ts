/** What a nested MAP still has to measure. */
import type { NestedBatch } from '../pareto/nested/nested.ts';
import type { DrawnNode } from './nested-drawing.ts';

/** At most: where merges coincide it is less. */
export interface Remaining {
  readonly merges: number;
  /** Accuracies of one merge on one task. */
  readonly taskEvaluations: number;
}

/**
 * @param batch what is measured next; null when nothing is left
 * @param unmeasured experts whose accuracy alone is not known
 */
export function remainingOf(
  nodes: readonly DrawnNode[],
  batch: NestedBatch | null,
  experts: number,
  unmeasured: readonly number[],
  pointsPerNode: number,
): Remaining {
  if (!batch) return { merges: 0, taskEvaluations: 0 };
  const node = (leaves: number, merges = pointsPerNode + 1) => ({ merges, taskEvaluations: merges * leaves });
  const later = nodes.filter(({ id, state }) => id !== batch.node && state !== 'done');
  const now = {
    merges: batch.merges.length,
    taskEvaluations: batch.merges.reduce((sum, { tasks }) => sum + tasks.length, 0),
  };
  const parts = [
    now,
    ...(batch.purpose === 'samples' ? [node(batch.open?.leaves.length ?? 0, 1)] : []),
    ...later.map(({ leaves, state }) => node(leaves.length, state === 'choosing' ? 1 : undefined)),
    ...unmeasured.filter((expert) => String(expert) !== batch.node).map(() => node(1, 1)),
    ...undecided(nodes, experts).map((leaves) => node(leaves)),
  ];
  return {
    merges: parts.reduce((sum, { merges }) => sum + merges, 0),
    taskEvaluations: parts.reduce((sum, { taskEvaluations }) => sum + taskEvaluations, 0),
  };
}

/** Experts below each node whose pair is not decided yet, as many as there can be: the largest models are paired first. */
function undecided(nodes: readonly DrawnNode[], experts: number): number[] {
  const merged = new Set(nodes.flatMap(({ left, right }) => [left, right]));
  const sizes = [
    ...nodes.filter(({ id }) => !merged.has(id)).map(({ leaves }) => leaves.length),
    ...Array.from({ length: experts }, (_, i) => String(i)).flatMap((id) => (merged.has(id) ? [] : [1])),
  ].sort((a, b) => b - a);
  const [first = 0, ...rest] = sizes;
  let below = first;
  return rest.map((size) => {
    below += size;
    return below;
  });
}
