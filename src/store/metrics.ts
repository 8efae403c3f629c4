/** How the numbers of a task are read and written: accuracies of the zoo, or any metric of measurements from elsewhere. */
import type { StudioState } from './state.ts';

export interface TaskMetric {
  /** Values lie in 0…1 and are written in percent. */
  readonly share: boolean;
  /** Less is better. */
  readonly smaller: boolean;
  /** Decimals of what is no share. */
  readonly digits: number;
}

export const ACCURACY: TaskMetric = { share: true, smaller: false, digits: 1 };

export const metricOf = ({ elsewhere }: Pick<StudioState, 'elsewhere'>, task: string | undefined): TaskMetric =>
  (task === undefined ? undefined : elsewhere?.metrics.get(task)) ?? ACCURACY;

/** A share of right answers, whose natural worst value is 0. */
export const isAccuracy = ({ share, smaller }: TaskMetric): boolean => share && !smaller;

/** Without unit: 0.8321 → "83.2"; a loss of 2.3456 → "2.346". */
export function written(metric: TaskMetric, value: number): string {
  return metric.share ? (value * 100).toFixed(1) : value.toFixed(metric.digits).replace('-', '−');
}

/** With unit. */
export const inFull = (metric: TaskMetric, value: number): string =>
  metric.share ? `${written(metric, value)} %` : written(metric, value);
