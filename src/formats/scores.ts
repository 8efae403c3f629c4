/** What scores are compared with. */
import type { Card, Score } from './card.ts';

/** Share of correct answers, 0…1. */
export const accuracyOf = ({ correct, n }: Score): number => correct / n;

/**
 * A zoo model's accuracy on the first n test samples of a task, where the card has that subset, else on all of them.
 * @param model "base", an expert's id, or "average"
 */
export function referenceAccuracy(card: Card, model: string, task: string, n: number): number {
  const scores = card.accuracy[model]?.[task] ?? [];
  const same = scores.find((score) => score.n === n) ?? scores.at(-1);
  return same ? accuracyOf(same) : 0;
}
