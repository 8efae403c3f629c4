/** A landscape for nested MAP whose every merge is known: accuracies peak away from the experts, and experts disturb each other. */
import type { Score } from '../point.ts';
import { sigmoid } from '../surrogate/link.ts';
import { type NestedBatch, type NestedOptions, type NestedResult, nested } from './nested.ts';

const SAMPLES = 1000;

/** Accuracy of a task at coefficients: its expert helps up to .8, the others hurt a little, more if both are large. */
export function accuracyAt(c: readonly number[], task: number): number {
  const hurt = c.reduce((sum, value, i) => sum + (i === task ? 0 : (0.2 + 0.1 * ((i + task) % 3)) * value * value), 0);
  return sigmoid(2.2 - 4 * (0.8 - (c[task] ?? 0)) ** 2 - 2 * hurt - 0.1 * task);
}

export function scoreAt(c: readonly number[], task: number): Score {
  return { correct: accuracyAt(c, task) * SAMPLES, n: SAMPLES };
}

export function solve(options: NestedOptions): {
  readonly result: NestedResult;
  readonly batches: readonly NestedBatch[];
} {
  const steps = nested(options);
  const batches: NestedBatch[] = [];
  let step = steps.next();
  while (!step.done) {
    batches.push(step.value);
    step = steps.next(
      step.value.merges.map(({ coefficients, tasks }) => tasks.map((task) => scoreAt(coefficients, task))),
    );
  }
  return { result: step.value, batches };
}
