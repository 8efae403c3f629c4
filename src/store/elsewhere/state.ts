/** Merges that were made and measured elsewhere, in the state of the studio. */
import type { PointsTable } from '../../formats/points.ts';
import type { TaskMetric } from '../metrics.ts';
import type { StudioState } from '../state.ts';

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
  /** What was left out or assumed, a sentence each, with its line. */
  readonly notes: readonly string[];
  readonly aside: Aside;
}

export interface ElsewhereSlice {
  /** Null while the zoo is on the screen. */
  readonly elsewhere: Elsewhere | null;
  /** Whether the visitor's own models are on the screen; their state is a store of its own, loaded with that screen. */
  readonly files: boolean;
  readonly dialog: 'open' | 'plan' | 'own' | null;
  /** What came of the files that were opened last. */
  readonly opened: { readonly title: string; readonly notes: readonly string[] } | null;
  /** A mergekit configuration to plan from, in place of what is on the screen. */
  readonly configuration: { readonly name: string; readonly text: string } | null;
  setDialog(dialog: ElsewhereSlice['dialog']): void;
  showFiles(shown: boolean): void;
}
