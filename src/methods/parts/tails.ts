/** Top-and-tail trimming: the largest entries of a task vector are dropped as well as the smallest. */
import type { Window } from './order.ts';

/** The official breadcrumbs: of n the ⌊γn⌋ largest are dropped, of the rest the ⌊βn⌋ largest stay. */
export const middleKeep =
  (keep: number, cut: number) =>
  (length: number): Window => {
    const from = Math.floor(cut * length);
    return { from, to: from + (keep >= 1 ? length : Math.floor(keep * length)) };
  };

/** mergekit's: exactly ⌊βn⌋ stay; fewer of the largest are dropped where otherwise not enough would be left. */
export const outlierCut =
  (keep: number, cut: number) =>
  (length: number): Window => {
    const kept = keep >= 1 ? length : Math.floor(keep * length);
    const from = Math.min(Math.floor(cut * length), length - kept);
    return { from, to: from + kept };
  };
