/** The whole state of the page, one interface per slice. Tensors and workers never enter it. */
import type { MergeInfo } from '../client/engine.ts';
import type { BackendReport, Exploration, ExploreRequest, Failure } from '../client/protocol.ts';
import type { Card, Scores } from '../formats/card.ts';
import type { View } from '../formats/link.ts';
import type { PointsTable } from '../formats/points.ts';
import type { ControlValue, Recipe } from '../formats/recipe.ts';
import type { Outcomes } from '../pareto/point.ts';
import type { TaskMetric } from './metrics.ts';

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
  /** Why the link could not be opened; the page then shows this and merges nothing. */
  readonly refusedLink: { readonly reason: string; readonly todo: string; readonly known: readonly string[] } | null;
  /** What was changed to open the link (a clamped number, an unknown key). */
  readonly linkNotes: readonly string[];

  /** A slider or number box moved; `live` while the pointer is down (one undo step per drag). */
  setControl(step: number, control: string, value: ControlValue, live: boolean): void;
  /** One coefficient of a per-expert control. */
  setCoefficient(step: number, control: string, expert: number, value: number, live: boolean): void;
  /** A method or preset id from the method sheet. */
  chooseMethod(id: string): void;
  /** Takes a pre or post step out of the chain. */
  removeStep(method: string): void;
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
  /** How often the user asked to rebuild the workers. */
  readonly recoveries: number;
  /** How often the user stopped a preparation. */
  readonly stops: number;
  stopPreparing(): void;
  /** Rebuilds the workers after a failure and replays the recipe. */
  recover(): void;
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
  /** When it was started or last resumed, and how many of its merges were measured by then. */
  readonly startedAt: number;
  readonly doneBefore: number;
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

export interface ParetoSlice {
  readonly points: readonly ParetoPoint[];
  readonly search: Search;
  /** Surrogates and predicted front of one study; the one on the screen when its `study` is (selectExploration). */
  readonly exploration: (Exploration & { readonly study: string; readonly points: number }) | null;
  /** What is brushed in the parallel plot: least and largest value by axis. */
  readonly brushes: Readonly<Record<string, readonly [number, number]>>;
  /** Least accuracy by task, 0…1: merges below it are greyed out. */
  readonly floors: Readonly<Record<string, number>>;
  /** The merges that a running or paused search measures. */
  readonly plan: Plan | null;
  /** Measured lately, per image; null before anything was. */
  readonly msPerSample: number | null;
  /** Adds points; one that was measured here stays. */
  addPoints(points: readonly ParetoPoint[]): void;
  setBrush(axis: string, range: readonly [number, number] | undefined): void;
  setFloor(task: string, floor: number | undefined): void;
  measurePoints(): void;
  /** Measures a few merges more, where the front of the goals is likely to gain most. */
  measureMore(): void;
  pauseMeasuring(): void;
  resumeMeasuring(): void;
  /** Gives the rest of the plan up; what was measured stays. */
  stopMeasuring(): void;
}

/** What of the zoo is put aside while measurements from elsewhere are on the screen. */
export type Aside = Pick<
  StudioState,
  'card' | 'recipe' | 'view' | 'past' | 'future' | 'points' | 'plan' | 'search' | 'brushes' | 'floors' | 'linkNotes'
>;

/** Merges that were made and measured elsewhere. The recipe, card and points on the screen are then made from them. */
export interface Elsewhere {
  readonly name: string;
  readonly table: PointsTable;
  /** Tasks of which less is better. */
  readonly smaller: readonly string[];
  /** Tasks whose values are no shares, though all of them may lie in 0…1. */
  readonly unbounded: readonly string[];
  /** What was told when the files were opened. */
  readonly remarks: readonly string[];
  readonly metrics: ReadonlyMap<string, TaskMetric>;
  /** How the search worker is to fit the tasks, and the box that the coefficients span. */
  readonly scales: NonNullable<ExploreRequest['scales']>;
  /** What was left out or assumed, a sentence each, with its line. */
  readonly notes: readonly string[];
  readonly aside: Aside;
}

export interface ElsewhereSlice {
  /** Null while the zoo is on the screen. */
  readonly elsewhere: Elsewhere | null;
  readonly dialog: 'open' | 'plan' | null;
  /** What came of the files that were opened last. */
  readonly opened: { readonly title: string; readonly notes: readonly string[] } | null;
  /** A mergekit configuration to plan from, in place of what is on the screen. */
  readonly configuration: { readonly name: string; readonly text: string } | null;
  setDialog(dialog: ElsewhereSlice['dialog']): void;
}

export type StudioState = ElsewhereSlice & ZooSlice & RecipeSlice & ResultSlice & ParetoSlice;
