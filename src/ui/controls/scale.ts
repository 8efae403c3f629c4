/** The numbers of a slider: its grid, its pull towards marked values, and how its values are written. */

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
  readonly integer?: boolean;
  readonly snaps?: readonly number[];
}

/** A drag moves in fifths of a step: fine enough to feel continuous, coarse enough for readable numbers. */
const FIFTHS = 5;
/** A drag is pulled to a mark from this part of the range: about 4 pixels of 300. */
const PULL = 0.013;

/** Removes the dust of binary fractions and the sign of −0. */
const tidy = (value: number) => Number(value.toFixed(6)) || 0;

export function clamp(scale: Scale, value: number): number {
  const inside = Math.min(scale.max, Math.max(scale.min, value));
  return tidy(scale.integer ? Math.round(inside) : inside);
}

/** The value of a pointer's position. */
export function dragged(scale: Scale, value: number): number {
  const reach = PULL * (scale.max - scale.min);
  const mark = scale.integer ? undefined : scale.snaps?.find((snap) => Math.abs(snap - value) <= reach);
  const grid = scale.integer ? 1 : scale.step / FIFTHS;
  return clamp(scale, mark ?? Math.round(value / grid) * grid);
}

/** The grid point `steps` steps away; a value between two grid points first goes to the nearer one on that side. */
export function stepped(scale: Scale, value: number, steps: number): number {
  const at = value / scale.step;
  const whole = steps > 0 ? Math.floor(at + 1e-6) : Math.ceil(at - 1e-6);
  return clamp(scale, (whole + steps) * scale.step);
}

function decimals({ step, integer }: Scale): number {
  return integer ? 0 : Math.max(2, Math.ceil(-Math.log10(step)));
}

/** For a number box: a plain hyphen, so that it can be parsed again. */
export function written(scale: Scale, value: number): string {
  return value.toFixed(decimals(scale)).replace(/^-(0\.?0*)$/, '$1');
}

/** For reading: a true minus sign. */
export function spoken(scale: Scale, value: number): string {
  return written(scale, value).replace('-', '−');
}

/** Where on the track a value lies, 0…1. */
export function place(scale: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min)));
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Below this the mean says nothing about proportions. */
const NEAR_ZERO = 0.01;

/**
 * The values with another mean: in the same proportions where all have one sign, else each shifted alike.
 * @param values as they were when the handle was taken, so that limits met on the way are forgotten
 */
export function withMean(scale: Scale, values: readonly number[], wanted: number): readonly number[] {
  const now = mean(values);
  const oneSign = values.every((value) => value >= 0) || values.every((value) => value <= 0);
  const proportional = oneSign && Math.abs(now) > NEAR_ZERO;
  return values.map((value) => clamp(scale, proportional ? (value * wanted) / now : value + wanted - now));
}
