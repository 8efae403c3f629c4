/** What the merge that the root of nested MAP prefers does on each task: predicted, and measured where it was. */
import type { OpenNode } from '../pareto/nested/node.ts';
import type { MeasuredPoint, Outcome, Range, Score } from '../pareto/point.ts';
import { type Estimate, predict } from '../pareto/surrogate/predict.ts';
import { emptyFit, observe, surrogateOf } from '../pareto/surrogate/surrogate.ts';

export interface TaskResult {
  readonly task: string;
  /** From a quadratic of this task alone over the root's own merges, calibration split. */
  readonly predicted: Estimate | null;
  /** Null until it is measured. */
  readonly calibration: Score | null;
  readonly test: Score | null;
}

/** @returns one per task, in their order */
export function taskResults(
  root: OpenNode,
  tasks: readonly string[],
  points: readonly MeasuredPoint[],
  range: Range,
): TaskResult[] {
  const { solution, samples, leaves } = root;
  const key = solution?.coefficients.join();
  const point = points.find(({ coefficients }) => coefficients.join() === key);
  return tasks.map((task, expert) => {
    const at = leaves.indexOf(expert);
    const fit = emptyFit(2, { box: [range, range] });
    for (const { c, scores } of samples) {
      const score = scores[at];
      if (score) observe(fit, c, score);
    }
    const surrogate = surrogateOf(fit);
    return {
      task,
      predicted: surrogate && solution ? predict(surrogate, solution.pick) : null,
      calibration: scoreOf(point?.calibration[task]),
      test: scoreOf(point?.test[task]),
    };
  });
}

/** Counts of correct answers: what nested MAP compares. A value such as a loss is none. */
export const scoreOf = (outcome: Outcome | undefined): Score | null =>
  outcome && 'correct' in outcome && outcome.n > 0 ? outcome : null;
