/** Places of sizes and accuracies in the plot, and of names that must not lie on each other. Pure. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixel of a size between 1 and `most` networks, on a logarithmic scale. */
export const xOf = (size: number, most: number, { left, right }: Box): number =>
  left + (Math.log(size) / Math.log(most)) * (right - left);

export const yOf = (share: number, [low, high]: readonly [number, number], { top, bottom }: Box): number =>
  bottom - ((share - low) / (high - low)) * (bottom - top);

/** Powers of two up to the largest size. */
export const sizeTicks = (most: number): readonly number[] =>
  Array.from({ length: Math.floor(Math.log2(most) + 1e-9) + 1 }, (_, i) => 2 ** i);

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2];
const MOST_TICKS = 5;

/** Round accuracies around all values, and the ends that they make. */
export function shareTicks(values: readonly number[]): readonly number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = STEPS.find((each) => (high - low) / each <= MOST_TICKS - 1) ?? 0.2;
  const first = Math.max(0, Math.floor(low / step + 1e-9));
  const last = Math.min(Math.round(1 / step), Math.max(first + 1, Math.ceil(high / step - 1e-9)));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

export interface Name {
  readonly text: string;
  /** Of the mark that it belongs to. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedName extends Name {
  readonly anchor: 'start' | 'end';
  readonly at: readonly [number, number];
}

/** About the width of a letter of 12 pixels. */
const LETTER = 6.4;
const LINE = 14;
const GAP = 11;

/** Half of a mark, with some air. */
const MARK = 8;

/** Beside their marks, on the side with room, clear of other names and marks as far as that can be had. */
export function placeNames(names: readonly Name[], box: Box): readonly PlacedName[] {
  const placed: { left: number; right: number; y: number }[] = [];
  return names.map((name) => {
    const width = name.text.length * LETTER;
    const leftOf = (anchor: 'start' | 'end') => (anchor === 'start' ? name.x + GAP : name.x - GAP - width);
    const marks = names.filter((other) => other !== name).map(({ x, y }) => ({ left: x - MARK, right: x + MARK, y }));
    const sides = (['start', 'end'] as const).filter(
      (anchor) => leftOf(anchor) >= box.left && leftOf(anchor) + width <= box.right + GAP,
    );
    const spots = [0, 1, -1, 2, -2, 3, -3, 4, -4].flatMap((by) =>
      sides.map((anchor) => ({ anchor, left: leftOf(anchor), y: name.y + by * (LINE / 2) })),
    );
    const clear =
      ({ left, y }: { left: number; y: number }) =>
      (other: { left: number; right: number; y: number }) =>
        Math.abs(other.y - y) >= LINE || other.left > left + width || other.right < left;
    const free = spots.filter((spot) => spot.y >= box.top && spot.y <= box.bottom && placed.every(clear(spot)));
    const last = { anchor: 'start' as const, left: leftOf('start'), y: name.y };
    const { anchor, left, y } = free.find((spot) => marks.every(clear(spot))) ?? free[0] ?? last;
    placed.push({ left, right: left + width, y });
    return { ...name, anchor, at: [anchor === 'start' ? left : left + width, y + 4] as const };
  });
}
