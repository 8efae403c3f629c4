/** The leaderboard: what every method did on a mix, and which merge is wanted for it next. What steers it is loaded when asked for. */
import type { StateCreator } from 'zustand';
import type { MergeInfo } from '../client/engine.ts';
import type { Slice } from '../client/protocol.ts';
import type { Scores } from '../formats/card.ts';
import type { Recipe } from '../formats/recipe.ts';
import type { StudioState } from './state.ts';

/** A measured merge of a row: the test split is reported. */
export interface BoardMerge {
  readonly mergeId: string;
  readonly recipe: Recipe;
  readonly test: Scores;
  /** Milliseconds; null where the merge was measured before it was timed. */
  readonly prepareMs: number | null;
  readonly combineMs: number | null;
}

/** How far one method of a board is. */
export interface Standing {
  /** Of its merge with default controls: with another one, such as after a new revision, the standing counts for nothing. */
  readonly mergeId: string;
  readonly first: BoardMerge | null;
  /** Why it could not be merged. */
  readonly failure: string | null;
  /** Mean calibration accuracies in the order in which tuning asks for them, the default's first. */
  readonly scores: readonly number[];
  readonly tuned: BoardMerge | null;
}

/** By id of a method or preset. */
export type Standings = Readonly<Record<string, Standing>>;

export interface BoardRun {
  /** The mix that it measures, see `boardScope`; it waits while another one is on the screen. */
  readonly scope: string;
  /** Methods that are measured with their defaults, and those that are tuned. */
  readonly measure: readonly string[];
  readonly tune: readonly string[];
  readonly paused: boolean;
}

/** The merge that the board wants next. */
export interface BoardNext {
  readonly entry: string;
  /** 'trial': one of a tuning, which only the calibration split judges. */
  readonly kind: 'default' | 'trial' | 'tuned';
  readonly recipe: Recipe;
  readonly mergeId: string;
  readonly splits: readonly Slice['split'][];
}

/** What came of a wanted merge. */
export type BoardFound =
  | { readonly next: BoardNext; readonly calibration: Scores; readonly test: Scores; readonly info: MergeInfo | null }
  | { readonly next: BoardNext; readonly failure: string };

export interface BoardSlice {
  readonly boards: Readonly<Record<string, Standings>>;
  readonly boardRun: BoardRun | null;
  readonly boardNext: BoardNext | null;
  readonly boardFound: BoardFound | null;
  readonly boardOpen: boolean;
  /** Test samples per task behind a full measurement of this visit. */
  readonly samples: number;
  openBoard(open: boolean): void;
}

export const boardSlice: StateCreator<StudioState, [], [], BoardSlice> = (set) => ({
  boards: {},
  boardRun: null,
  boardNext: null,
  boardFound: null,
  boardOpen: false,
  samples: 0,
  openBoard: (boardOpen) => set({ boardOpen }),
});

/** Mixes whose boards are kept across reloads. */
const MAX_BOARDS = 8;

/** What of it outlives a reload; a run then waits to be resumed. */
export const keptBoard = ({ boards, boardRun }: BoardSlice): Pick<BoardSlice, 'boards' | 'boardRun'> => ({
  boards: Object.fromEntries(Object.entries(boards).slice(-MAX_BOARDS)),
  boardRun: boardRun && { ...boardRun, paused: true },
});

/** The reported merges of all boards. */
export const boardMerges = (boards: BoardSlice['boards']): readonly BoardMerge[] =>
  Object.values(boards).flatMap((standings) =>
    Object.values(standings).flatMap(({ first, tuned }) => [first, tuned].flatMap((merge) => merge ?? [])),
  );
