/** The whole state of the page, one interface per slice. Tensors and workers never enter it. */
import type { MergeInfo } from '../client/engine.ts';
import type { BackendReport, Exploration, Failure, GenerationStep, PackSize } from '../client/protocol.ts';
import type { Card, Scores } from '../formats/card.ts';
import type { Curve } from '../formats/curves.ts';
import type { ControlValue, Recipe } from '../formats/recipe.ts';
import type { TensorFilter } from '../formats/tensor-filter.ts';
import type { View } from '../formats/view.ts';
import type { Outcomes } from '../pareto/point.ts';
import type { BoardSlice } from './board.ts';
import type { ElsewhereSlice } from './elsewhere/state.ts';
import type { NestedSlice } from './nested.ts';
import type { PinSlice } from './pins.ts';

/** The zoo family: its card, and how much of its files has arrived. */
export interface ZooSlice {
  readonly card: Card | null;
  readonly zoo:
    | { readonly phase: 'loading'; readonly received: number; readonly total: number }
    | { readonly phase: 'ready' }
    | { readonly phase: 'failed'; readonly failure: Failure };
  readonly device: DeviceInfo | null;
}

export interface DeviceInfo {
  readonly backend: BackendReport;
  /** Number of evaluation workers; 0 when the merge worker evaluates on the GPU. */
  readonly evaluators: number;
  /** Milliseconds of the last merge and of its first 64 samples per task. */
  readonly combineMs: number | null;
  readonly measureMs: number | null;
}

/** What is being merged, how it is looked at, and what was before. */
export interface RecipeSlice {
  readonly recipe: Recipe | null;
  readonly view: View | null;
  readonly past: readonly Recipe[];
  readonly future: readonly Recipe[];
  /** The recipe before the drag that is going on; null when the controls are at rest. */
  readonly dragOrigin: Recipe | null;
  /** Whether moving one coefficient moves the others, so that their sum stays. */
  readonly sumLocked: boolean;
  /** Why the link could not be opened; the page then shows this and merges nothing. */
  readonly refusedLink: { readonly reason: string; readonly todo: string; readonly known: readonly string[] } | null;
  /** What was changed to open the link (a clamped number, an unknown key). */
  readonly linkNotes: readonly string[];

  /** A slider or number box moved; `live` while the pointer is down (one undo step per drag). */
  setControl(step: number, control: string, value: ControlValue, live: boolean): void;
  /** One coefficient of a per-expert control; `place` in its values, which are the experts' or their groups of layers'. */
  setCoefficient(step: number, control: string, place: number, value: number, live: boolean): void;
  lockSum(locked: boolean): void;
  /** Divides the merge's coefficients among groups of layers, 1 to 4. */
  setLayerGroups(groups: number): void;
  /** Curves over depth of one control of the merge step: one for each expert, or one of a control of the whole method. */
  setCurves(control: string, curves: readonly Curve[], live: boolean): void;
  /** Which tensors the merge touches. */
  setFilter(filter: TensorFilter): void;
  /** A method or preset id from the method sheet. */
  chooseMethod(id: string): void;
  /** Takes a pre or post step out of the chain. */
  removeStep(method: string): void;
  /** One place earlier (−1) or later (1) among the steps of its kind. */
  moveStep(method: string, by: -1 | 1): void;
  /** Another place for an expert, counted from 0, in recipes that depend on the order. */
  moveExpert(id: string, place: number): void;
  toggleExpert(id: string): void;
  setSeed(seed: number): void;
  /** Replaces the recipe as a whole (a clicked point, "copy to Task Arithmetic", reset). */
  adopt(recipe: Recipe): void;
  setView(change: Partial<View>): void;
  undo(): void;
  redo(): void;
}

/** One measured merge: always of one recipe, on named splits. */
export interface Measurement {
  readonly mergeId: string;
  readonly recipe: Recipe;
  /** Test split, per task; n grows 64 → 256 → all while it is being measured. */
  readonly test: Scores;
  /** Null for numbers that came with the card. */
  readonly info: MergeInfo | null;
  /** 'zoo': measured when the zoo was made, shown until this machine has measured the same merge. */
  readonly source: 'zoo' | 'here';
}

/** What a pack of networks takes to store, and how good it is on the test split. */
export interface MeasuredPack {
  readonly mergeId: string;
  readonly recipe: Recipe;
  readonly size: PackSize;
  readonly test: Scores;
}

/** The current merge's way from recipe to numbers. */
export type Run =
  | { readonly phase: 'idle' }
  /** A method's preparation takes long enough to show. */
  | { readonly phase: 'preparing'; readonly done: number; readonly total: number; readonly doing: string }
  | { readonly phase: 'measuring' }
  | { readonly phase: 'measured' }
  /** The recipe cannot be merged; the sentence says why and what to do. */
  | { readonly phase: 'refused'; readonly reason: string }
  | { readonly phase: 'failed'; readonly failure: Failure };

export interface ResultSlice {
  readonly run: Run;
  /** The newest measurement; belongs to the recipe on the screen only when its mergeId is the recipe's. */
  readonly measurement: Measurement | null;
  /** The settled measurement before it, for "what changed". */
  readonly previous: Measurement | null;
  /** Uniform average of the recipe's experts, measured; key of the expert set → scores. */
  readonly averages: Readonly<Record<string, Scores>>;
  /** Packs measured in this session, one per mix, method and size: the newest. */
  readonly packs: readonly MeasuredPack[];
  /** How often the user asked to rebuild the workers. */
  readonly recoveries: number;
  /** How often the user stopped a preparation. */
  readonly stops: number;
  stopPreparing(): void;
  /** Rebuilds the workers after a failure and replays the recipe. */
  recover(): void;
}

/** Methods that are looked at before they are chosen, see preview.ts. */
export interface PreviewSlice {
  /** What is to be measured on few images when nothing else is to do. */
  readonly preview: { readonly id: string; readonly recipe: Recipe; readonly mergeId: string } | null;
  /** Test scores of what was, by merge id; null where the merge failed. */
  readonly previews: Readonly<Record<string, Scores | null>>;
}

/** A measured merge as a point of the Pareto plot. */
export interface ParetoPoint {
  readonly mergeId: string;
  readonly recipe: Recipe;
  /** Everything of the recipe but its coefficients: points with one study are fitted together. */
  readonly study: string;
  readonly coefficients: readonly number[];
  readonly calibration: Outcomes;
  readonly test: Outcomes;
  readonly source: 'zoo' | 'slider' | 'design' | 'file';
}

/** Merges to measure, one after the other. */
export interface Plan {
  readonly recipes: readonly Recipe[];
  /** Merge ids of the recipes, in their order. */
  readonly ids: readonly string[];
  readonly tasks: readonly string[];
  /** Tasks of each recipe, where not all are wanted of all. */
  readonly fewer?: readonly (readonly string[])[];
  /** When it was started or last resumed, and how many of its merges were measured by then. */
  readonly startedAt: number;
  readonly doneBefore: number;
  /** The comparison that the merges are measured for; without one they become points of their study. */
  readonly comparison?: { readonly id: ComparisonId; readonly scope: string };
  /** Merges in all, where the last ones are decided by the first. */
  readonly expected?: number;
}

/** Sets of merges that the search is compared with. */
export type ComparisonId = 'shared' | 'soups' | 'greedy' | 'trained' | 'random';

/**
 * Merges that were measured to be compared with. They are no points of a study, even where they could be: surrogates,
 * proposals and the measured front never see them, or a comparison at equal budget would not be one.
 */
export interface Comparison {
  readonly id: ComparisonId;
  /** The mixes that it belongs to, see `comparisonScope`. */
  readonly scope: string;
  /** In the order of measuring. */
  readonly points: readonly ParetoPoint[];
}

export interface ComparisonSlice {
  readonly comparisons: readonly Comparison[];
  /** Those that are measured but not drawn. */
  readonly hidden: readonly ComparisonId[];
  /** How far the training is that a planned merge needs; null while none is under way. */
  readonly training: { readonly done: number; readonly total: number; readonly doing: string } | null;
  /**
   * Accuracy by task, 0…1 on the calibration split, that the surrogates predicted for a merge before it was measured; by merge
   * id.
   */
  readonly predictions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Measures what a comparison lacks. */
  compareWith(id: ComparisonId): void;
  showComparison(id: ComparisonId, shown: boolean): void;
  /** Keeps what is predicted now of merges that will be measured; measured ones are left out. */
  rememberPredictions(recipes: readonly Recipe[]): void;
}

export type Search =
  | { readonly phase: 'idle' }
  /** The next merges are being chosen. */
  | { readonly phase: 'choosing' }
  | { readonly phase: 'measuring'; readonly done: number; readonly total: number; readonly secondsLeft: number | null }
  /** Asked for, or found after a reload: the plan waits. */
  | { readonly phase: 'paused'; readonly done: number; readonly total: number }
  | { readonly phase: 'stopped'; readonly done: number; readonly total: number }
  | { readonly phase: 'failed'; readonly failure: Failure };

export type { PredictedPoint } from '../client/protocol.ts';

export type Explored = Exploration & {
  readonly study: string;
  readonly points: number;
};
/** How a merge of the front is chosen. */
export interface Preference {
  /** Measured merges, or those of the predicted front. */
  readonly among: 'measured' | 'predicted';
  /** Weight by objective, 0…1, of which only the proportions count. */
  readonly weights: Readonly<Record<string, number>>;
  /** Wished value by objective, on its own scale; one that is missing is not wished for. */
  readonly wish: Readonly<Record<string, number>>;
}

export interface ParetoSlice {
  readonly points: readonly ParetoPoint[];
  readonly search: Search;
  /** Surrogates and predicted front of one study; the one on the screen when its `study` is (selectExploration). */
  readonly exploration: Explored | null;
  /** How far an evolving search is; null while none is under way. */
  readonly generation: (GenerationStep & { readonly study: string }) | null;
  /** What is brushed: least and largest value by axis of the parallel plot, infinite where an end is no limit. */
  readonly brushes: Readonly<Record<string, readonly [number, number]>>;
  /** Least value by objective, a task for its accuracy 0…1: merges below it are greyed out. */
  readonly floors: Readonly<Record<string, number>>;
  readonly preference: Preference;
  /** The merges that a running or paused search measures. */
  readonly plan: Plan | null;
  /** Measured lately, per image; null before anything was. */
  readonly msPerSample: number | null;
  /** Adds points; one that was measured here stays. */
  addPoints(points: readonly ParetoPoint[]): void;
  setBrush(axis: string, range: readonly [number, number] | undefined): void;
  /** Several at once: an undefined range takes a brush away. */
  setBrushes(changes: Readonly<Record<string, readonly [number, number] | undefined>>): void;
  setFloor(task: string, floor: number | undefined): void;
  /** Takes all brushes and floors away. */
  clearLimits(): void;
  prefer(change: Partial<Preference>): void;
  measurePoints(): void;
  /** Measures a few merges more, where the front of the goals is likely to gain most. */
  measureMore(): void;
  pauseMeasuring(): void;
  resumeMeasuring(): void;
  /** Gives the rest of the plan up; what was measured stays. */
  stopMeasuring(): void;
}

export type StudioState = ElsewhereSlice &
  ZooSlice &
  RecipeSlice &
  ResultSlice &
  ParetoSlice &
  ComparisonSlice &
  PreviewSlice &
  NestedSlice &
  BoardSlice &
  PinSlice;
