/** The controls of a method: numbers and choices, and what moving them makes necessary. */

/** What moving a control makes necessary: a new preparation, or only a new combination. */
export type Stage = 'prepare' | 'combine';

interface ControlBase {
  readonly stage: Stage;
  /** The formula's letter for it, as plain Unicode. */
  readonly symbol: string;
  readonly name: string;
  readonly help: string;
  /** Shown and used only while another control of the same step has this value. */
  readonly when?: { readonly control: string; readonly is: string };
}

export interface NumberControl extends ControlBase {
  readonly kind?: 'number';
  /** One value per expert of the recipe, or one for the whole method. */
  readonly per: 'expert' | 'method';
  readonly min: number;
  readonly max: number;
  /** Distance of the ± buttons and arrow keys. */
  readonly step: number;
  readonly default: number;
  readonly integer?: boolean;
  /** Values worth marking on the track. */
  readonly snaps?: readonly number[];
}

export interface ChoiceControl extends ControlBase {
  readonly kind: 'choice';
  readonly per: 'method';
  readonly options: readonly { readonly value: string; readonly name: string; readonly help: string }[];
  readonly default: string;
}

export type Control = NumberControl | ChoiceControl;
export type Controls = Readonly<Record<string, Control>>;

/** The value that a method's functions receive for one control. */
export type ValueOf<C extends Control> = C extends { readonly kind: 'choice' }
  ? C['options'][number]['value']
  : C extends { readonly per: 'expert' }
    ? readonly number[]
    : number;
export type Values<C extends Controls> = { readonly [K in keyof C]: ValueOf<C[K]> };
