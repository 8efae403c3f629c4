import { useState } from 'react';
import { type BoardLine, selectCurrent } from '../../store/board-views.ts';
import { useStudio } from '../../store/studio.ts';
import { Term } from '../controls/term.tsx';
import { BoardRow } from './board-row.tsx';
import { cellOf, type Shown, type Sorting, type SortKey, sorted } from './order.ts';

interface Column {
  readonly key: SortKey;
  readonly name: string;
  /** First click sorts by the largest. */
  readonly down: boolean;
}

const COLUMNS: readonly Column[] = [
  { key: 'name', name: 'Method', down: false },
  { key: 'first', name: 'default %', down: true },
  { key: 'tuned', name: 'tuned %', down: true },
  { key: 'worst', name: 'worst task %', down: true },
  { key: 'ofExperts', name: '% of experts', down: true },
  { key: 'time', name: 'prepare + combine', down: false },
];

interface BoardTableProps {
  readonly lines: readonly BoardLine[];
  readonly shown: Shown;
  readonly onAdopt: () => void;
}

/** One row per method, sorted by any column. */
export function BoardTable({ lines, shown, onAdopt }: BoardTableProps) {
  const [chosen, setSorting] = useState<Sorting | null>(null);
  const sorting = chosen ?? { key: shown, down: true };
  const current = useStudio(selectCurrent);
  const cells = lines.flatMap((line) => [line.first, line.tuned].flatMap((cell) => cell ?? []));
  const low = Math.min(1, ...cells.map((cell) => cell.low));
  const high = Math.max(0, ...cells.map((cell) => cell.high));
  const scale = low < high ? { low, high } : { low: 0, high: 1 };
  const order = (column: Column) => {
    if (sorting.key !== column.key) return 'none';
    return sorting.down ? 'descending' : 'ascending';
  };
  const sort = ({ key, down }: Column) => setSorting({ key, down: sorting.key === key ? !sorting.down : down });
  return (
    <div className="board-rows">
      <table className="board-table">
        <caption className="unseen">Methods by accuracy on the test split</caption>
        <thead>
          <tr>
            {COLUMNS.slice(0, 1).map((column) => (
              <Head key={column.key} column={column} order={order(column)} onSort={() => sort(column)} />
            ))}
            <th scope="col" className="whisker-cell">
              <Term help="Averages over the tasks with their 95 % intervals: a circle for the defaults, a diamond for the tuned controls. The dotted line is the best single network.">
                average
              </Term>
            </th>
            {COLUMNS.slice(1).map((column) => (
              <Head key={column.key} column={column} order={order(column)} onSort={() => sort(column)} />
            ))}
            <th scope="col">n</th>
            <th scope="col">
              <span className="unseen">Pin and tune</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted(lines, sorting, shown).map((line) => (
            <BoardRow
              key={line.id}
              line={line}
              shown={shown}
              scale={scale}
              best={Math.max(0, ...lines.map((each) => (each.pack ? 0 : (cellOf(each, shown)?.average ?? 0))))}
              current={line.id === current}
              onAdopt={onAdopt}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly column: Column;
  readonly order: 'none' | 'ascending' | 'descending';
  readonly onSort: () => void;
}

function Head({ column, order, onSort }: HeadProps) {
  return (
    <th scope="col" aria-sort={order} className={`col-${column.key}`}>
      <button type="button" onClick={onSort} title={`Sort by ${column.name}`}>
        {column.name}
        <span aria-hidden="true">{order === 'none' ? '' : order === 'descending' ? ' ↓' : ' ↑'}</span>
      </button>
    </th>
  );
}
