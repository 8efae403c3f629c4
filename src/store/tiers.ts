import type { Card } from '../formats/card.ts';

/** Ends of the nested test subsets that are measured one after the other, such as 64, 256, 512. */
export function testTiers(card: Card, limit?: number): readonly number[] {
  const ends = (card.tasks[0]?.test ?? []).map((segment) => segment.to);
  if (limit === undefined) return ends;
  const [first = limit] = ends;
  return [Math.max(1, Math.min(limit, first))];
}

/** Test samples per task of a method that is only looked at: the first numbers of a merge, or fewer. */
export const previewSize = (tiers: readonly number[]): number => Math.min(64, tiers[0] ?? 0);

/** Test samples behind a design point: enough to report, half the price of all. */
export const DESIGN_TEST_SAMPLES = 256;

/** Samples per task behind a row of the leaderboard. @param full test samples behind a full measurement */
export const boardSamples = (split: 'test' | 'calibration', card: Card, full: number): number =>
  split === 'test' ? full : Math.min(calibrationSize(card), full);

/** Number of labelled calibration samples per task. */
export function calibrationSize(card: Card): number {
  return card.tasks[0]?.calibration.inputs.at(-1)?.to ?? 0;
}
