/** The state of the visitor's own models: what is open, how it is to be merged, and the merge that is made. No weights, no files. */
import type {
  Asked,
  Checked,
  Failure,
  FileMark,
  FileProblem,
  Kinship,
  MergeProgress,
  OpenedModel,
  OutputDtype,
  Plan,
  StoredMerge,
  Written,
} from '../../client/protocol.ts';
import type { Choices } from '../../formats/checkpoint/fit-table.ts';
import type { Curve } from '../../formats/curves.ts';
import type { ControlValue, Recipe } from '../../formats/recipe.ts';
import type { TensorFilter } from '../../formats/tensor-filter.ts';

export type { Checked };

/** What a model is for: one base, experts in the order in which they were opened, or nothing now. */
export type Role = 'base' | 'expert' | 'out';

export interface ModelsSlice {
  /** In the order in which they were opened. */
  readonly models: readonly OpenedModel[];
  /** By id of the model. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Files that could not be opened, the newest last. */
  readonly problems: readonly FileProblem[];
  /** Files whose headers are being read now. */
  readonly opening: number;
  /** Dropped files were read. */
  modelsOpened(models: readonly OpenedModel[], problems: readonly FileProblem[]): void;
  openingChanged(files: number): void;
  roleChosen(id: string, role: Role): void;
  /** Goes on without the models that a link names and that are not open. */
  absentGivenUp(): void;
  /** A recipe names these; models that are open already and are made of them take their parts. */
  filesWanted(wanted: readonly Wanted[]): void;
  modelRemoved(id: string): void;
  problemsRead(): void;
}

/** A mergekit configuration in place of the choices on the screen. */
export interface Configuration {
  readonly name: string;
  readonly text: string;
}

export interface MixSlice {
  /** Experts are ids of models, in their order. */
  readonly recipe: Recipe;
  /** Whether somebody chose the method; else it follows from whether there is a base. */
  readonly methodTouched: boolean;
  readonly dtype: OutputDtype;
  /** Id of the expert whose network is wanted, see networkOf. */
  readonly network: string | null;
  /** What is done where tensors differ. */
  readonly choices: Choices;
  readonly configuration: Configuration | null;
  methodChosen(id: string): void;
  stepRemoved(method: string): void;
  stepMoved(method: string, by: -1 | 1): void;
  expertMoved(id: string, by: -1 | 1): void;
  controlMoved(method: string, control: string, value: ControlValue): void;
  curvesDrawn(control: string, curves: readonly Curve[]): void;
  /** Groups of layers get coefficients of their own. */
  layersDivided(groups: number): void;
  /** Every control is put back to its default. */
  recipeReset(recipe: Recipe): void;
  filterSet(filter: TensorFilter): void;
  seedSet(seed: number): void;
  dtypeChosen(dtype: OutputDtype): void;
  networkChosen(expert: string): void;
  choiceMade(change: Partial<Choices>): void;
  configurationOpened(configuration: Configuration | null): void;
}

/** What headers say of the models in their roles, see check.ts. */
export type Check =
  | { readonly phase: 'none' }
  | { readonly phase: 'checking'; readonly before: Checked | null }
  | { readonly phase: 'checked'; readonly checked: Checked }
  | { readonly phase: 'failed'; readonly failure: Failure };

export type Kin =
  | { readonly phase: 'none' }
  | { readonly phase: 'reading'; readonly done: number; readonly total: number }
  | { readonly phase: 'read'; readonly kinship: Kinship }
  | { readonly phase: 'failed'; readonly failure: Failure };

/** What the merge takes, or why it cannot be made. */
export type Planned =
  | { readonly phase: 'none' }
  | { readonly phase: 'planned'; readonly plan: Plan }
  | { readonly phase: 'refused'; readonly failure: Failure };

export interface CheckSlice {
  readonly check: Check;
  readonly planned: Planned;
  readonly kin: Kin;
}

/** A file that can be known again. */
export type PrintedFile = FileMark & { readonly print: string };

/** A merge that was begun and not finished, kept over reloads. */
export interface Unfinished {
  readonly name: string;
  readonly asked: Asked;
  /** The files that it needs, by id of the model. */
  readonly needs: Readonly<Record<string, readonly PrintedFile[]>>;
  /** 0…1 */
  readonly share: number;
}

export type Work =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'merging' | 'pausing' | 'paused';
      /** What is being merged, whatever is set on the screen meanwhile. */
      readonly asked: Asked;
      readonly progress: MergeProgress;
      /** Null until it can be told. */
      readonly secondsLeft: number | null;
    }
  | { readonly phase: 'failed'; readonly failure: Failure }
  | { readonly phase: 'written'; readonly asked: Asked; readonly written: Written };

export interface WorkSlice {
  readonly work: Work;
  readonly unfinished: Unfinished | null;
  /** Merges in this browser's own storage, finished or not. */
  readonly stored: readonly StoredMerge[];
}

/** What a link to own files asks for. */
export interface Wanted {
  /** Of the model that the file belongs to, as the link's recipe calls it. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Begin of the file's print. */
  readonly print: string;
}

export interface LinkSlice {
  readonly wanted: readonly Wanted[];
}

export type FilesState = ModelsSlice & MixSlice & CheckSlice & WorkSlice & LinkSlice;
