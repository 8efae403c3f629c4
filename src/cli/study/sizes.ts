/** What the study measures: which experts, how many merges, on how many samples. Chosen before anything was measured. */

/** Expert sets whose surrogates are tried on merges that they never saw. */
export interface FitSet {
  readonly experts: readonly string[];
  /** Of the designs: the figures are their mean. */
  readonly seeds: readonly number[];
  readonly holdOut: number;
}

const SEEDS: readonly number[] = [1, 2, 3];

const PAIRS: readonly (readonly string[])[] = [
  ['greek', 'rotation'],
  ['digits', 'kana'],
  ['upper', 'style'],
];
/** The opening experts. */
const FOUR: readonly string[] = ['digits', 'lower', 'greek', 'rotation'];
const TRIPLES: readonly (readonly string[])[] = [
  ['digits', 'lower', 'greek'],
  ['cyrillic', 'kana', 'rotation'],
];
const ALL: readonly string[] = ['digits', 'upper', 'lower', 'greek', 'cyrillic', 'kana', 'rotation', 'style'];

export const FIT_SETS: readonly FitSet[] = [
  ...[...PAIRS, ...TRIPLES, FOUR].map((experts) => ({ experts, seeds: SEEDS, holdOut: 100 })),
  { experts: ALL, seeds: [1], holdOut: 80 },
];

/** Expert sets whose front is searched, and what it is compared with. */
export interface FrontSet {
  readonly experts: readonly string[];
  readonly seeds: readonly number[];
  readonly reference:
    | { readonly kind: 'grid'; readonly steps: number }
    | { readonly kind: 'random'; readonly merges: number };
  /** Equal budgets of random search that are averaged. */
  readonly randomRuns: number;
  /** Least share of the reference's volume, for the goal. */
  readonly goal: number;
}

export const FRONT_SETS: readonly FrontSet[] = [
  ...PAIRS.map((experts) => ({
    experts,
    seeds: SEEDS,
    reference: { kind: 'grid' as const, steps: 21 },
    randomRuns: 8,
    goal: 0.97,
  })),
  { experts: FOUR, seeds: SEEDS, reference: { kind: 'random', merges: 2000 }, randomRuns: 8, goal: 0.95 },
];

/** Mean hold-out R² that is wanted up to four experts. */
export const R2_GOAL = { least: 0.9, mostExperts: 4 } as const;

/** Merges that are chosen by the surrogates after the design, and how many of them at a time: as on the page. */
export const CHOSEN = 20;
export const BATCH = 8;
/** Test samples per task: as for the page's own designs. */
export const TEST_SAMPLES = 256;
/** Of the random merges, apart from those of the designs. */
export const RANDOM_SEED = 101;
