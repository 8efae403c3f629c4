/** A merge beside one that is pinned, task by task and on average. Pure. */
import { beyondNoise, type Count } from '../core/stats/wilson.ts';
import type { Scores } from '../formats/card.ts';

export interface Versus {
  /** Share of right answers here minus there, −1…1. */
  readonly delta: number;
  readonly beyondNoise: boolean;
}

/** Undefined where one of them was not measured. */
export function versus(here: Count | undefined, there: Count | undefined): Versus | undefined {
  if (!here || !there || here.n === 0 || there.n === 0) return undefined;
  return { delta: here.correct / here.n - there.correct / there.n, beyondNoise: beyondNoise(here, there) };
}

/** Over the tasks that both have: the difference of the averages, judged by all answers together. */
export function versusAverage(here: Scores, there: Scores): (Versus & { readonly tasks: number }) | undefined {
  const both = Object.keys(here).flatMap((task) => {
    const [own, other] = [here[task], there[task]];
    return own && other && own.n > 0 && other.n > 0 ? [{ own, other }] : [];
  });
  if (both.length === 0) return undefined;
  const sum = (counts: readonly Count[]): Count => ({
    correct: counts.reduce((total, { correct }) => total + correct, 0),
    n: counts.reduce((total, { n }) => total + n, 0),
  });
  const mean = (counts: readonly Count[]) =>
    counts.reduce((total, { correct, n }) => total + correct / n, 0) / counts.length;
  const [owns, others] = [both.map(({ own }) => own), both.map(({ other }) => other)];
  return {
    delta: mean(owns) - mean(others),
    beyondNoise: beyondNoise(sum(owns), sum(others)),
    tasks: both.length,
  };
}
