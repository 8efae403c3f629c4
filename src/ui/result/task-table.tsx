import type { TaskRow } from '../../store/selectors.ts';
import { percent, wholePercent } from '../charts/format.ts';
import { ExpertMark } from '../marks.tsx';
import { useMedia } from '../shell/use-media.ts';
import { Scale } from './scale.tsx';
import { TaskBar } from './task-bar.tsx';
import './task-table.css';

/** Rows up to which there is room to breathe; more are set closer so that all stay in view. */
const AIRY_ROWS = 5;
const AIRY = 34;
const CLOSE = 26;

/** The bars are the rows of a real table, so that what is drawn can also be read out, cell by cell. */
export function TaskTable({ rows }: { readonly rows: readonly TaskRow[] }) {
  const phone = useMedia('(max-width: 720px)');
  const close = phone || rows.length > AIRY_ROWS;
  const height = close ? CLOSE : AIRY;
  const ordered = [...rows.filter((row) => row.merged), ...rows.filter((row) => !row.merged)];
  const firstLeftOut = ordered.findIndex((row) => !row.merged);
  return (
    <table className={close ? 'task-table' : 'task-table airy'}>
      <caption className="unseen">Accuracy of the merged network per task, test images</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">Task</span>
          </th>
          <th scope="col" className="bar">
            <span className="unseen">Interval and baselines, percent</span>
            <Scale />
          </th>
          <th scope="col">accuracy</th>
          <th scope="col" className="n">
            n
          </th>
          <th scope="col" className="share">
            of expert
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((row, i) => (
          <TaskLine key={row.task} row={row} height={height} divided={i === firstLeftOut && i > 0} />
        ))}
      </tbody>
    </table>
  );
}

interface TaskLineProps {
  readonly row: TaskRow;
  readonly height: number;
  /** First of the left-out tasks. */
  readonly divided: boolean;
}

function TaskLine({ row, height, divided }: TaskLineProps) {
  return (
    <tr
      data-task={row.task}
      data-accuracy={row.accuracy ?? ''}
      data-n={row.n}
      data-state={row.state}
      data-merge-id={row.mergeId}
      className={`${row.merged ? '' : 'left-out'} ${divided ? 'divided' : ''}`}
    >
      <th scope="row" title={row.summary}>
        <ExpertMark index={row.index} hollow={!row.merged} />
        <span className="name">{row.name}</span>
        {!row.merged && <span className="unseen"> (its expert is left out)</span>}
      </th>
      <td className="bar">
        <TaskBar row={row} height={height} />
        <span className="unseen">{baselines(row)}</span>
      </td>
      <td className="accuracy">{row.accuracy === null ? '–' : percent(row.accuracy)}</td>
      <td className="n">{row.state === 'estimated' ? 'est.' : row.accuracy === null ? '–' : row.n}</td>
      <td className="share">{row.ofExpert === null ? '–' : wholePercent(row.ofExpert)}</td>
    </tr>
  );
}

function baselines(row: TaskRow): string {
  const state = { estimated: 'estimated', measuring: 'of the merge before, measuring', measured: 'measured' }[
    row.state
  ];
  const interval = row.accuracy === null ? [] : [`95 % interval ${percent(row.low)} to ${percent(row.high)}`];
  const average = row.average === null ? [] : [`uniform average ${percent(row.average)}`];
  const models = [
    ...(row.base === null ? [] : [`base ${percent(row.base)}`]),
    ...(row.expert === null ? [] : [`own expert ${percent(row.expert)}`]),
  ];
  return [state, ...interval, ...models, ...average].join(', ');
}
