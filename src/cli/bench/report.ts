/** The bench's rows and how they are printed. */
import type { Spread } from './spread.ts';

export interface Row {
  readonly what: string;
  readonly measured: Spread;
  readonly unit: string;
  /** The goal: the median is at most this. */
  readonly goal?: number;
  /** The machine's own limit, or which share of it this is; where the time goes. */
  readonly beside?: string;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

export type Verdict = 'pass' | 'MISS' | '';

/** A goal is held by the median; a row without one only informs. */
function verdictOf({ measured, goal }: Row): Verdict {
  if (goal === undefined) return '';
  return measured.median <= goal ? 'pass' : 'MISS';
}

/** Three significant digits, as engineers write them. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const HEAD = ['', 'median', '[min – max]', 'unit', 'goal', '', 'machine’s limit, or share of it'] as const;

function cells(row: Row): readonly string[] {
  const { what, measured, unit, goal, beside = '' } = row;
  const { median, min, max } = measured;
  const range = min === max ? '' : `[${figure(min)} – ${figure(max)}]`;
  const wanted = goal === undefined ? '' : `≤ ${figure(goal)}`;
  return [`  ${what}`, figure(median), range, unit, wanted, verdictOf(row), beside];
}

/** Columns that hold numbers and are set flush right. */
const RIGHT: ReadonlySet<number> = new Set([1, 2, 4]);

export function printed(groups: readonly Group[]): string {
  const table = [HEAD, ...groups.flatMap(({ rows }) => rows.map(cells))];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => [...(line[column] ?? '')].length)));
  const set = (cell: string, column: number) => {
    const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
    return RIGHT.has(column) ? space + cell : cell + space;
  };
  const line = (row: readonly string[]) => row.map(set).join('  ').trimEnd();
  const lines = groups.flatMap(({ title, rows }) => ['', title, ...rows.map((row) => line(cells(row)))]);
  return [line(HEAD), ...lines].join('\n');
}

/** The whole report as data, for other programs. */
export function asJson(groups: readonly Group[], machine: string): string {
  const rows = (group: Group) => group.rows.map((row) => ({ ...row, verdict: verdictOf(row) || null }));
  return JSON.stringify({ machine, groups: groups.map((group) => ({ ...group, rows: rows(group) })) }, null, 2);
}
