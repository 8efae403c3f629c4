/** Where axes, values and ticks lie in pixels. */
import type { ParallelAxis, ParallelLine } from './types.ts';

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The drawing: as wide as its box, or wider when the axes would stand too close; the box then scrolls. */
export interface Frame extends Box {
  /** Heights of the axes' upper and lower ends. */
  readonly top: number;
  readonly bottom: number;
  /** Place of each axis. */
  readonly xs: readonly number[];
  /** Distance of two neighbours of one group. */
  readonly spacing: number;
}

/** Above: the group's name, two lines for the axis' own, its mark. Left: ticks. Right: the handle of a floor. */
const PADDING = { top: 76, right: 36, bottom: 14, left: 44 };
/** Axes closer than this could not carry their ticks and names. */
const LEAST_SPACING = 60;
/** Extra distance between coefficients and accuracies, in spacings. */
const GROUP_GAP = 0.5;
/** Pixels of an axis per tick, at least. */
const TICK_ROOM = 36;

export interface Group {
  readonly kind: ParallelAxis['kind'];
  /** Indices of its first and last axis. */
  readonly first: number;
  readonly last: number;
}

/** Runs of axes of one kind, in order. */
export function groupsOf(axes: readonly Pick<ParallelAxis, 'kind'>[]): readonly Group[] {
  const groups: Group[] = [];
  axes.forEach(({ kind }, i) => {
    const open = groups.at(-1);
    if (open?.kind === kind) groups[groups.length - 1] = { ...open, last: i };
    else groups.push({ kind, first: i, last: i });
  });
  return groups;
}

export function frameOf(axes: readonly Pick<ParallelAxis, 'kind'>[], box: Box): Frame {
  const units: number[] = [];
  axes.forEach(({ kind }, i) => {
    const gap = i > 0 && axes[i - 1]?.kind !== kind ? GROUP_GAP : 0;
    units.push(i === 0 ? 0 : (units[i - 1] ?? 0) + 1 + gap);
  });
  const length = Math.max(1, units.at(-1) ?? 1);
  const room = box.width - PADDING.left - PADDING.right;
  const spacing = Math.max(LEAST_SPACING, room / length);
  return {
    width: Math.max(box.width, Math.ceil(PADDING.left + spacing * length + PADDING.right)),
    height: box.height,
    top: PADDING.top,
    bottom: Math.max(PADDING.top + 1, box.height - PADDING.bottom),
    xs: units.map((unit) => PADDING.left + unit * spacing),
    spacing,
  };
}

type Domain = ParallelAxis['domain'];
type Span = Pick<Frame, 'top' | 'bottom'>;

/** Height of a value; beyond the domain it is set to the nearer end, and halfway when the domain is one number. */
export function heightAt([low, high]: Domain, { top, bottom }: Span, value: number): number {
  if (low === high) return (top + bottom) / 2;
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return bottom - share * (bottom - top);
}

/** The value at a height; above and below the axis its ends. */
export function valueAt([low, high]: Domain, { top, bottom }: Span, height: number): number {
  const share = Math.min(1, Math.max(0, (bottom - height) / (bottom - top)));
  return share === 1 ? high : low + share * (high - low);
}

/** The greatest of 1, 2, 5, 10, … (and their tenths) that is not above `most`. */
export function roundBelow(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most) + 1e-9);
  const digit = most / power + 1e-9;
  return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
}

/** Round values within the domain, as many as the axis has room for. */
export function ticksOf([low, high]: Domain, { top, bottom }: Span): readonly number[] {
  if (!(high > low)) return [low];
  const most = Math.max(2, Math.floor((bottom - top) / TICK_ROOM));
  // At most `most` steps fit; the next round step above that is the one.
  const least = (high - low) / most;
  const step = [1, 2, 5, 10]
    .map((digit) => digit * 10 ** Math.floor(Math.log10(least)))
    .find((s) => s >= least - 1e-12);
  const size = step ?? least;
  const first = Math.ceil(low / size - 1e-9);
  const last = Math.floor(high / size + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * size, size));
}

/** Digits kept below the size of a step: enough to tell values apart, too few for the dust of binary fractions. */
const SPARE_DIGITS = 4;
const MOST_DIGITS = 15;

/** The value without binary dust and without −0. */
export function tidy(value: number, step: number): number {
  const digits = step > 0 ? SPARE_DIGITS - Math.floor(Math.log10(step)) : SPARE_DIGITS;
  return Number(value.toFixed(Math.min(MOST_DIGITS, Math.max(0, digits)))) || 0;
}

/** '80.0 %' is '80 %' on a tick: round values need no decimals to say so. */
export function tickText({ format }: Pick<ParallelAxis, 'format'>, value: number): string {
  return format(value).replace(/\.0+(?=\s*%$)/, '');
}

/** Heights of all values in pixels, [lines × axes], line after line; NaN where nothing was measured. */
export function heightsOf(
  axes: readonly Pick<ParallelAxis, 'domain'>[],
  lines: readonly Pick<ParallelLine, 'values'>[],
  span: Span,
): Float32Array {
  const heights = new Float32Array(lines.length * axes.length).fill(Number.NaN);
  lines.forEach(({ values }, i) => {
    axes.forEach(({ domain }, k) => {
      const value = values[k];
      if (value !== undefined) heights[i * axes.length + k] = heightAt(domain, span, value);
    });
  });
  return heights;
}
