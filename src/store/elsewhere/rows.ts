/** The result of a merge of which only measurements are here: the file's own values where it has them, else estimates. Pure. */
import { wilson } from '../../core/stats/wilson.ts';
import { coefficientsOf } from '../../formats/coefficients.ts';
import { type PointRow, scoreOf, type TaskScore } from '../../formats/points.ts';
import type { Recipe } from '../../formats/recipe.ts';
import type { Estimate } from '../../pareto/surrogate/predict.ts';
import { catalogue } from '../catalogue.ts';
import { isAccuracy, type TaskMetric } from '../metrics.ts';
import type { TaskRow } from '../selectors.ts';
import type { Elsewhere } from './state.ts';

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.96;

/** A row per task, in the file's order. */
export function elsewhereRows(
  { table, metrics }: Pick<Elsewhere, 'table' | 'metrics'>,
  recipe: Recipe,
  mergeId: string,
  estimates: Readonly<Record<string, Estimate>>,
): readonly TaskRow[] {
  const measured = rowsAt(table, recipe);
  return [...metrics].map(([task, metric], index): TaskRow => {
    const score = bestKnown(measured, task);
    const estimate = Object.hasOwn(estimates, task) ? estimates[task] : undefined;
    const span = isAccuracy(metric) ? null : spanOf(table, task, metric);
    const none = {
      task,
      name: task,
      summary: '',
      metric,
      span,
      index,
      merged: true,
      mergeId,
      base: null,
      expert: null,
    };
    const rest = { ...none, average: null, ofExpert: null } as const;
    if (score) return { ...rest, state: 'measured', ...measuredValue(score, metric), n: score.n ?? 0 };
    if (!estimate) return { ...rest, state: 'estimated', accuracy: null, low: 0, high: 0, n: 0 };
    const { mean, low, high } = estimate;
    return { ...rest, state: 'estimated', accuracy: mean, low, high, n: 0 };
  });
}

/** The worst and the best value of the file. */
function spanOf({ rows }: Elsewhere['table'], task: string, metric: TaskMetric): readonly [number, number] {
  const values = rows.flatMap((row) => {
    const score = scoreOf(row, task);
    return score ? [score.value] : [];
  });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return metric.smaller ? [high, low] : [low, high];
}

/** Measured rows at exactly the recipe's coefficients. */
function rowsAt({ coefficients, rows }: Elsewhere['table'], recipe: Recipe): readonly PointRow[] {
  const wanted = coefficientsOf(recipe, catalogue).map(({ key, value }) => ({ at: coefficients.indexOf(key), value }));
  return rows.filter(
    (row) => row.kind !== 'estimated' && wanted.every(({ at, value }) => (row.coefficients[at] ?? 0) === value),
  );
}

/** Of merges that were measured twice, the value on more samples. */
function bestKnown(rows: readonly PointRow[], task: string): TaskScore | undefined {
  const scores = rows.flatMap((row) => scoreOf(row, task) ?? []);
  return scores.toSorted((a, b) => (b.n ?? 0) - (a.n ?? 0))[0];
}

/** With its 95 % interval, as far as the file tells samples or a standard error; without width where it tells neither. */
function measuredValue({ value, n, stderr }: TaskScore, metric: TaskMetric) {
  const spread =
    stderr === undefined ? { low: value, high: value } : { low: value - Z * stderr, high: value + Z * stderr };
  const { low, high } = metric.share && n !== undefined && stderr === undefined ? wilson(value * n, n) : spread;
  return { accuracy: value, low, high };
}
