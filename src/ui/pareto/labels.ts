/** Names beside marks that do not lie on each other. */

export interface Mark {
  readonly x: number;
  readonly y: number;
  /** Pixels that the name takes. */
  readonly width: number;
}

export interface Label {
  /** From the mark to where the name starts or ends. */
  readonly dx: number;
  readonly dy: number;
  readonly anchor: 'start' | 'end';
}

export type Pixel = readonly [x: number, y: number];

export interface Area {
  readonly x: number;
  readonly width: number;
  readonly y?: number;
  readonly height?: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** How much it matters that it is covered; 1 of a mark. */
  readonly weight?: number;
}

/** Somewhere that a name could stand. */
interface Offer<M extends Mark> {
  readonly mark: M;
  readonly label: Label;
}

/** Of letters with their descenders. */
const HEIGHT = 12;
/** A name on a name is read worse than a name on a mark. */
const NAME_WEIGHT = 4;
/** Half the size of a mark. */
const MARK = 7;
/** Pixels by which a name may stand out above and below the area. */
const RIM = 8;

const RIGHT: Label = { dx: 9, dy: 4, anchor: 'start' };
/** In the order of liking: beside, above and below, at the corners. */
const PLACES: readonly Label[] = [
  RIGHT,
  { dx: -9, dy: 4, anchor: 'end' },
  { dx: -6, dy: -10, anchor: 'start' },
  { dx: 6, dy: -10, anchor: 'end' },
  { dx: -6, dy: 20, anchor: 'start' },
  { dx: 6, dy: 20, anchor: 'end' },
  { dx: 9, dy: -6, anchor: 'start' },
  { dx: 9, dy: 15, anchor: 'start' },
  { dx: -9, dy: -6, anchor: 'end' },
  { dx: -9, dy: 15, anchor: 'end' },
];

/**
 * A place for each name, in order, inside the area: one that covers as few other marks and names before it as can be, and of
 * those one that covers as little of the lines.
 * @param others what else stands there, see `boxesOf`
 * @param lines points of lines that had better stay free
 */
export function placeLabels(
  marks: readonly Mark[],
  area: Area,
  others: readonly Box[] = [],
  lines: readonly Pixel[] = [],
): readonly Label[] {
  const names: Box[] = [];
  return marks.map((mark) => {
    const taken = [...others, ...names, ...marks.filter((other) => other !== mark).map(boxOfMark)];
    const offers = PLACES.map((label) => ({ mark, label }));
    const { label } = bestOffer(offers, area, taken, lines) ?? { label: RIGHT };
    names.push(boxOfName(mark, label));
    return label;
  });
}

/** The offer inside the area that covers least; the first of equals. */
export function bestOffer<M extends Mark>(
  offers: readonly Offer<M>[],
  area: Area,
  taken: readonly Box[],
  lines: readonly Pixel[] = [],
): Offer<M> | undefined {
  let best: { readonly offer: Offer<M>; readonly cost: number } | undefined;
  for (const offer of offers) {
    const box = boxOfName(offer.mark, offer.label);
    if (!within(box, area)) continue;
    const covered = taken.reduce((sum, other) => sum + (overlap(box, other) ? (other.weight ?? 1) : 0), 0);
    const crossed = lines.filter((point) => holds(box, point)).length;
    // One mark more is worse than any length of line.
    const cost = covered + crossed / (lines.length + 1);
    if (best === undefined || cost < best.cost) best = { offer, cost };
  }
  return best?.offer;
}

/** What marks and their placed names cover. */
export function boxesOf(marks: readonly Mark[], labels: readonly Label[]): readonly Box[] {
  return marks.flatMap((mark, i) => {
    const label = labels[i];
    return label ? [boxOfMark(mark), boxOfName(mark, label)] : [boxOfMark(mark)];
  });
}

const boxOfMark = ({ x, y }: Mark): Box => ({ left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK });

export function boxOfName({ x, y, width }: Mark, { dx, dy, anchor }: Label): Box {
  const left = anchor === 'start' ? x + dx : x + dx - width;
  return { left, right: left + width, top: y + dy - HEIGHT + 3, bottom: y + dy + 3, weight: NAME_WEIGHT };
}

const within = (
  box: Box,
  { x, width, y = Number.NEGATIVE_INFINITY, height = Number.POSITIVE_INFINITY }: Area,
): boolean =>
  box.left >= x &&
  box.right <= x + width &&
  box.top >= y - RIM &&
  (height === Number.POSITIVE_INFINITY || box.bottom <= y + height + RIM);

const holds = ({ left, right, top, bottom }: Box, [x, y]: Pixel): boolean =>
  x > left && x < right && y > top && y < bottom;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
