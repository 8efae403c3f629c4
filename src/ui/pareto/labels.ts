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

interface Area {
  readonly x: number;
  readonly width: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const HEIGHT = 14;
/** Half the size of a mark. */
const MARK = 7;

const RIGHT: Label = { dx: 9, dy: 4, anchor: 'start' };
/** In the order of liking: beside, then above and below. */
const PLACES: readonly Label[] = [
  RIGHT,
  { dx: -9, dy: 4, anchor: 'end' },
  { dx: -6, dy: -10, anchor: 'start' },
  { dx: 6, dy: -10, anchor: 'end' },
  { dx: -6, dy: 20, anchor: 'start' },
  { dx: 6, dy: 20, anchor: 'end' },
];

/**
 * A place for each name, in order: the first inside the area that covers neither another mark nor a name before it, or else the
 * first inside the area.
 * @param others what else stands there, see `boxesOf`
 */
export function placeLabels(marks: readonly Mark[], area: Area, others: readonly Box[] = []): readonly Label[] {
  const names: Box[] = [];
  return marks.map((mark) => {
    const taken = [...others, ...names, ...marks.filter((other) => other !== mark).map(boxOfMark)];
    const inside = PLACES.filter((place) => {
      const box = boxOfName(mark, place);
      return box.left >= area.x && box.right <= area.x + area.width;
    });
    const free = inside.find((place) => !taken.some((other) => overlap(boxOfName(mark, place), other)));
    const chosen = free ?? inside[0] ?? RIGHT;
    names.push(boxOfName(mark, chosen));
    return chosen;
  });
}

/** What marks and their placed names cover. */
export function boxesOf(marks: readonly Mark[], labels: readonly Label[]): readonly Box[] {
  return marks.flatMap((mark, i) => {
    const label = labels[i];
    return label ? [boxOfMark(mark), boxOfName(mark, label)] : [boxOfMark(mark)];
  });
}

const boxOfMark = ({ x, y }: Mark): Box => ({ left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK });

function boxOfName({ x, y, width }: Mark, { dx, dy, anchor }: Label): Box {
  const left = anchor === 'start' ? x + dx : x + dx - width;
  return { left, right: left + width, top: y + dy - HEIGHT + 3, bottom: y + dy + 3 };
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
