/** A recipe whose controls are on the screen, and the models that it is for: a family of the zoo, or files of the visitor's own. */
import type { ComponentType } from 'react';
import type { ControlValue, Recipe } from './methods.ts';

export interface MixedExpert {
  readonly id: string;
  /** As screen readers and journeys call its controls. */
  readonly label: string;
  readonly name: string;
  /** Which mark and colour it has. */
  readonly index: number;
}

export interface Mix {
  readonly recipe: Recipe;
  /** In the order of their coefficients. */
  readonly experts: readonly MixedExpert[];
  /** Of the network: groups of layers are made of them. */
  readonly blocks: number;
  /** In See, choices and steps are put away. */
  readonly see: boolean;
  /** Whether merges are measured while sliders move, and marked beside them. */
  readonly isMeasured: boolean;
  /** Whether the sum of coefficients is kept, where that can be chosen. */
  readonly locked?: boolean;
  onLock?(locked: boolean): void;
  /** Opens under “per layer”. */
  readonly Curves: ComponentType;
  onSet(step: number, control: string, value: ControlValue, live: boolean): void;
  /** One of a control's values. */
  onSetOne(step: number, control: string, place: number, value: number, live: boolean): void;
  onDivide(groups: number): void;
  onMoveStep(method: string, by: -1 | 1): void;
  onRemoveStep(method: string): void;
}
