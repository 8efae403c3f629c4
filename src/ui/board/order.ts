/** In which order the rows of the leaderboard stand. Pure. */
import type { BoardCell, BoardLine } from '../../store/board-views.ts';

/** Which of a row's merges is ranked. */
export type Shown = 'first' | 'tuned';

export type SortKey = 'name' | 'first' | 'tuned' | 'worst' | 'ofExperts' | 'time';

export interface Sorting {
  readonly key: SortKey;
  /** Largest first. */
  readonly down: boolean;
}

/** The ranked merge of a row: where nothing was tuned, because there is nothing to tune, its default. */
export const cellOf = (line: BoardLine, shown: Shown): BoardCell | null =>
  shown === 'tuned' ? (line.tuned ?? (line.untunable === undefined ? null : line.first)) : line.first;

export const timeOf = ({ merge: { prepareMs, combineMs } }: BoardCell): number | null =>
  prepareMs === null || combineMs === null ? null : prepareMs + combineMs;

function keyOf(line: BoardLine, key: Exclude<SortKey, 'name'>, shown: Shown): number | null {
  const cell = cellOf(line, shown);
  switch (key) {
    case 'first':
      return line.first?.average ?? null;
    case 'tuned':
      return line.tuned?.average ?? null;
    case 'worst':
      return cell?.worst.accuracy ?? null;
    case 'ofExperts':
      return cell?.ofExperts ?? null;
    case 'time':
      return line.first && timeOf(line.first);
  }
}

/** Rows without a number come last whichever way; equal ones keep their order. */
export function sorted(lines: readonly BoardLine[], { key, down }: Sorting, shown: Shown): readonly BoardLine[] {
  const sign = down ? -1 : 1;
  if (key === 'name') return lines.toSorted((a, b) => sign * a.name.localeCompare(b.name, 'en'));
  return lines.toSorted((a, b) => {
    const [x, y] = [keyOf(a, key, shown), keyOf(b, key, shown)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}
