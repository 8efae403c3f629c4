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

/** Beside their marks, on the side with room, moved down or up where another name stands already. */
export function placeNames(names: readonly Name[], box: Box): readonly PlacedName[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return names.map((name) => {
    const width = name.text.length * LETTER;
    const anchor = name.x + GAP + width <= box.right + GAP ? 'start' : 'end';
    const left = anchor === 'start' ? name.x + GAP : name.x - GAP - width;
    const free = (y: number) =>
      taken.every((other) => Math.abs(other.y - y) >= LINE || other.left > left + width || other.right < left);
    const inside = (y: number) => y >= box.top && y <= box.bottom;
    const tries = [0, 1, -1, 2, -2, 3, -3, 4, -4].map((by) => name.y + by * (LINE / 2));
    const y = tries.find((each) => inside(each) && free(each)) ?? name.y;
    taken.push({ left, right: left + width, y });
    return { ...name, anchor, at: [anchor === 'start' ? left : left + width, y + 4] as const };
  });
}
