import type { Rule } from '../../store/picks.ts';

/** What the rules of choosing are called, and what they mean. */
export const RULES: Readonly<Record<Rule, { readonly name: string; readonly short: string; readonly help: string }>> = {
  balanced: {
    name: 'balanced',
    short: 'balanced',
    help: 'Max-min: of the front the merge whose worst goal is best, every goal scaled to the front’s own range',
  },
  knee: {
    name: 'knee',
    short: 'knee',
    help: 'Where the front bends most: farthest beyond the plane through the best of each goal',
  },
  weights: {
    name: 'by weights',
    short: 'weights',
    help: 'The largest weighted sum of the goals; equal weights unless set below',
  },
  wish: {
    name: 'by wish',
    short: 'wish',
    help: 'The least shortfall from what is wished, in ranges of the front (Wierzbicki 1980)',
  },
};
