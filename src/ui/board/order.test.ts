import { describe, expect, it } from 'vitest';
import type { BoardCell, BoardLine } from '../../store/board-views.ts';
import { cellOf, type Sorting, sorted, timeOf } from './order.ts';

const cell = (average: number, prepareMs: number | null = 1): BoardCell => ({
  average,
  low: average - 0.1,
  high: average + 0.1,
  worst: { task: 'digits', accuracy: average / 2 },
  ofExperts: average,
  n: 64,
  answers: { correct: 1, n: 2 },
  rank: 'below',
  merge: {
    mergeId: String(average),
    recipe: { family: '', experts: [], chain: [], seed: 1 },
    test: {},
    prepareMs,
    combineMs: 2,
  },
});
const line = (name: string, rest: Partial<BoardLine> = {}): BoardLine => ({
  id: name,
  name,
  pack: false,
  trained: false,
  first: null,
  tuned: null,
  failure: null,
  trials: 0,
  budget: 24,
  untunable: undefined,
  ...rest,
});
const lines = [
  line('c', { first: cell(0.5), tuned: cell(0.9) }),
  line('b', { first: cell(0.7, null), untunable: 'no number' }),
  line('d'),
  line('a', { first: cell(0.6, 90), tuned: cell(0.6) }),
];
const names = (sorting: Sorting, shown: 'first' | 'tuned' = 'first') =>
  sorted(lines, sorting, shown)
    .map(({ name }) => name)
    .join('');

describe('the rows of the leaderboard', () => {
  it('stand by any column, both ways, those without a number last', () => {
    expect(names({ key: 'first', down: true })).toBe('bacd');
    expect(names({ key: 'first', down: false })).toBe('cabd');
    expect(names({ key: 'tuned', down: true }, 'tuned')).toBe('cabd');
    expect(names({ key: 'worst', down: true }, 'first')).toBe('bacd');
    expect(names({ key: 'time', down: false })).toBe('cabd');
    expect(names({ key: 'name', down: false })).toBe('abcd');
  });

  it('rank a default among the tuned ones only where there is nothing to tune', () => {
    expect(lines.map((each) => cellOf(each, 'tuned')?.average)).toEqual([0.9, 0.7, undefined, 0.6]);
  });

  it('have no time where a part of it is not known', () => {
    expect(timeOf(cell(0.5, null))).toBeNull();
    expect(timeOf(cell(0.5, 3))).toBe(5);
  });
});
