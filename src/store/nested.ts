import type { StateCreator } from 'zustand';
import type { NestedRequest, NestedStatus } from '../client/protocol.ts';
import type { Space } from '../formats/coefficients.ts';
import { isPack } from '../formats/pack.ts';
import type { Recipe } from '../formats/recipe.ts';
import { catalogue } from './catalogue.ts';
import { memo } from './memo.ts';
import { indexed, type NamedTree, withoutPair, withPair } from './nested-tree.ts';
import { namedCoefficients } from './point-recipe.ts';
import { selectStudy } from './selectors.ts';
import { selectSpace } from './space.ts';
import type { StudioState } from './state.ts';
import { calibrationSize, DESIGN_TEST_SAMPLES } from './tiers.ts';

/** Merges per node: the fewest that a quadratic in two with a little to spare needs, twice its 6 unknowns, and as published. */
export const NODE_POINTS = [8, 12, 20] as const;
export type NodePoints = (typeof NODE_POINTS)[number];

/** Of an expert that nobody weighted. */
export const USUAL_PREFERENCE = 0.5;

/** What nested MAP was last measured to the end for, in one study. */
interface Finished {
  readonly preferences: readonly number[];
  readonly tree: NamedTree;
}

const NO_EXPERTS: readonly string[] = [];

export interface NestedSlice {
  /** Weight by expert, 0…1, where one was set; only proportions count. */
  readonly preferences: Readonly<Record<string, number>>;
  /** While a weight is being dragged, what is measured waits. */
  readonly weighing: boolean;
  /** Pairs made by hand; the rest is paired by nearest accuracy. */
  readonly pairs: readonly NamedTree[];
  readonly nodePoints: NodePoints;
  readonly nestedDone: Readonly<Record<string, Finished>>;
  /** Where it stands: of this study, and for the request with this key. */
  readonly nested: (NestedStatus & { readonly study: string; readonly key: string }) | null;
  /** A run that measures: its study, and the merges that it had before it when it began. */
  readonly nestedRun: { readonly study: string; readonly total: number } | null;
  /** Why the last run could not go on. */
  readonly nestedProblem: string | null;
  setPreference(expert: string, weight: number, live: boolean): void;
  equalPreferences(): void;
  pairByHand(a: NamedTree, b: NamedTree): void;
  unpair(pair: NamedTree): void;
  pairAutomatically(): void;
  setNodePoints(points: NodePoints): void;
  /** Measures what the nodes need, one batch of merges after the other; what is measured already is not measured again. */
  startNested(): void;
}

export const nestedSlice: StateCreator<StudioState, [], [], NestedSlice> = (set) => ({
  preferences: {},
  weighing: false,
  pairs: [],
  nodePoints: 12,
  nestedDone: {},
  nested: null,
  nestedRun: null,
  nestedProblem: null,
  setPreference: (expert, weight, live) =>
    set(({ preferences }) => ({ preferences: { ...preferences, [expert]: weight }, weighing: live })),
  equalPreferences: () => set({ preferences: {}, weighing: false }),
  pairByHand: (a, b) => set((state) => ({ ...forgotten(state), pairs: withPair(state.pairs, a, b) })),
  unpair: (pair) => set((state) => ({ ...forgotten(state), pairs: withoutPair(state.pairs, pair) })),
  pairAutomatically: () => set((state) => ({ ...forgotten(state), pairs: [] })),
  setNodePoints: (nodePoints) => set({ nodePoints }),
  startNested: () =>
    set((state) => {
      const study = selectStudy(state);
      const { nested, search } = state;
      if (study === null || nested?.study !== study || search.phase === 'measuring' || search.phase === 'paused')
        return {};
      return { nestedRun: { study, total: nested.remaining.merges }, nestedProblem: null, search: { phase: 'idle' } };
    }),
});

/** Another pairing: the tree that was found is not kept any longer. */
function forgotten(state: StudioState): Pick<NestedSlice, 'nestedDone'> {
  const { [selectStudy(state) ?? '']: _, ...nestedDone } = state.nestedDone;
  return { nestedDone };
}

/** Why nested MAP has nothing to do for this recipe, or undefined. A pack has no one network that could go on as a model. */
export function nestedObstacle(recipe: Recipe, space: Space): 'pack' | 'experts' | 'coefficients' | undefined {
  if (isPack(recipe, catalogue)) return 'pack';
  const coefficients = namedCoefficients(recipe, space);
  const fits = coefficients.every(({ expert, min, max }) => expert !== undefined && min <= 0 && max >= 1);
  if (!fits || coefficients.length !== recipe.experts.length) return 'coefficients';
  return recipe.experts.length < 3 ? 'experts' : undefined;
}

const preferencesOf = ({ preferences }: Pick<NestedSlice, 'preferences'>, experts: readonly string[]): number[] =>
  experts.map((expert) => preferences[expert] ?? USUAL_PREFERENCE);

/** Share of all weights by expert of the mix, in its order; without any weight all count the same. */
export const selectShares = memo(
  (state: StudioState) => [state.preferences, state.recipe?.experts ?? NO_EXPERTS],
  (preferences, experts) => {
    const weights = preferencesOf({ preferences }, experts);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length));
  },
);

/** Sampled and searched at every node: between absent and fully added. */
const RANGE = { min: 0, max: 1 };

/** What of it outlives a reload. */
const KEPT = ['preferences', 'pairs', 'nodePoints', 'nestedDone', 'nestedRun'] as const;
export type KeptNested = Pick<NestedSlice, (typeof KEPT)[number]>;

export const keptNested = ({ preferences, pairs, nodePoints, nestedDone, nestedRun }: NestedSlice): KeptNested => ({
  preferences,
  pairs,
  nodePoints,
  nestedDone,
  nestedRun,
});

export const nestedChanged = (now: NestedSlice, before: NestedSlice): boolean =>
  KEPT.some((key) => now[key] !== before[key]);

const selectObstacle = memo(
  (state: StudioState) => [state.recipe, selectSpace(state)],
  (recipe, space) => recipe !== null && nestedObstacle(recipe, space) === undefined,
);

/** What to ask for the mix on the screen, with a key that changes when the answer may; null when there is nothing to ask. */
export const selectNestedRequest = memo(
  (state: StudioState) => [
    selectObstacle(state) ? selectStudy(state) : null,
    state.recipe?.experts ?? NO_EXPERTS,
    state.recipe?.seed ?? 0,
    state.points,
    state.preferences,
    state.pairs,
    state.nestedDone,
    state.nodePoints,
  ],
  (study, experts, seed, points, preferences, pairs, nestedDone, pointsPerNode) => {
    if (study === null) return null;
    const done = nestedDone[study];
    const parts = (done ? [done.tree] : pairs).flatMap((tree) => {
      const part = indexed(tree, experts);
      return part === undefined || typeof part === 'number' ? [] : [part];
    });
    // Other machines measured what a file holds, and on other samples.
    const own = points.filter((point) => point.study === study && point.source !== 'file');
    const wanted = {
      tasks: experts,
      preferences: preferencesOf({ preferences }, experts),
      parts,
      seed,
      pointsPerNode,
      range: RANGE,
      ...(done && { before: done.preferences }),
    };
    const sizes = own.map(({ mergeId, calibration }) => [mergeId, experts.map((task) => calibration[task]?.n ?? 0)]);
    const request: NestedRequest = { ...wanted, points: own };
    return { request, study, key: JSON.stringify([study, wanted, sizes]) };
  },
);

/** Where nested MAP stands for the mix on the screen; null while it is not known. */
export const selectNested = memo(
  (state: StudioState) => [state.nested, selectStudy(state)],
  (nested, study) => (nested && nested.study === study ? nested : null),
);

/** What is left to measure, at most, and about how long it takes on this machine. */
export const selectNestedCost = memo(
  (state: StudioState) => [selectNested(state), state.msPerSample, state.card],
  (nested, msPerSample, card) => {
    if (!nested || !card) return null;
    const { merges, taskEvaluations } = nested.remaining;
    const samples = taskEvaluations * (calibrationSize(card) + DESIGN_TEST_SAMPLES);
    return { merges, seconds: msPerSample === null ? null : (samples * msPerSample) / 1000 };
  },
);
