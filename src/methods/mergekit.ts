/** How methods say what mergekit calls them, and how its configurations are read back: data, no code. */

/** A parameter of a mergekit configuration: a constant, or what a control says. */
export type MergekitValue =
  | number
  | boolean
  | {
      readonly control: string;
      /** 1 − the control's number. */
      readonly complement?: true;
      /** 10 to the power of the control's number. */
      readonly power?: 10;
      /** What each option of a choice becomes; read backwards, the first that fits counts. */
      readonly map?: Readonly<Record<string, number | boolean>>;
    };

type MergekitValues = Readonly<Record<string, MergekitValue>>;

/** What mergekit does otherwise, or cannot say. */
export interface MergekitRemark {
  /** Told where all these controls have these values … */
  readonly when?: Readonly<Record<string, string | number>>;
  /** … and none of these. */
  readonly unless?: Readonly<Record<string, string | number>>;
  /** Told only with, or only without, a step before the merge that mergekit joins with it. */
  readonly joined?: boolean;
  /** A sentence; `{key}` stands for the value of that control. */
  readonly say: string;
  /** Told too where a configuration is read. */
  readonly always?: true;
}

/** How a configuration becomes a step of a recipe again. */
export interface MergekitReading {
  /** Controls with which the step does what mergekit does. */
  readonly controls?: Readonly<Record<string, string | number>>;
  /** What mergekit takes where a parameter is left out. A parameter of which the form says nothing must have this value. */
  readonly defaults?: Readonly<Record<string, number | boolean>>;
  /** The control of experts that takes in `lambda`, and is divided by its sum where `normalize` asks for it. */
  readonly folds?: string;
  /** Parameters of which no value changes more than the last digits. */
  readonly ignored?: readonly string[];
  /** A `base_model` is one of the models that are merged, for this merge has no base. */
  readonly baseIsModel?: true;
}

/** A merge as a mergekit configuration. */
export interface MergekitForm {
  /** mergekit's `merge_method`. */
  readonly method: string;
  /** The form holds where these choices have these values. */
  readonly when?: Readonly<Record<string, string>>;
  /** … and for so many experts. */
  readonly experts?: number;
  /** Where `base_model` comes from: the base, or the first expert; none where only models are averaged. */
  readonly base?: 'base' | 'first';
  /** Of every model; as a list, of each in turn. */
  readonly perModel?: MergekitValues | readonly MergekitValues[];
  readonly parameters?: MergekitValues;
  readonly inexact?: readonly MergekitRemark[];
  /** Forms without it are only written. */
  readonly reading?: MergekitReading;
}

/** A step before the merge that mergekit has as one method with it. */
export interface MergekitJoin {
  /** It holds where these choices have these values. */
  readonly when?: Readonly<Record<string, string>>;
  /** mergekit's name of the merge alone → of both. */
  readonly methods: Readonly<Record<string, string>>;
  /** Take the place of the merge's own of the same name. */
  readonly perModel?: MergekitValues;
  readonly parameters?: MergekitValues;
  readonly inexact?: readonly MergekitRemark[];
  /** Its defaults take the place of the merge's own. */
  readonly reading?: MergekitReading;
}
