import { inFull, written } from '../../store/metrics.ts';
import type { TaskRow } from '../../store/selectors.ts';
import { ExpertMark } from '../marks.tsx';
import { Scale } from '../result/scale.tsx';
import { TaskBar } from '../result/task-bar.tsx';
import { useMedia } from '../shell/use-media.ts';
import { ValueBar } from './value-bar.tsx';
import '../result/task-table.css';

const AIRY_ROWS = 5;
const AIRY = 34;
const CLOSE = 28;

/** What the file says of the merge, or the estimates: a row per task, each on its own scale. */
export function ValueTable({ rows }: { readonly rows: readonly TaskRow[] }) {
  const phone = useMedia('(max-width: 720px)');
  const close = phone || rows.length > AIRY_ROWS;
  const shares = rows.some(({ span }) => span === null);
  return (
    <table className={close ? 'task-table value-table' : 'task-table value-table airy'}>
      <caption className="unseen">The merge at the sliders, per task</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">Task</span>
          </th>
          <th scope="col" className="bar">
            <span className="unseen">Interval</span>
            {shares && <Scale />}
          </th>
          <th scope="col">value</th>
          <th scope="col" className="n">
            n
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.task} row={row} height={close ? CLOSE : AIRY} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ row, height }: { readonly row: TaskRow; readonly height: number }) {
  const { task, name, metric, span, accuracy, state, n, index } = row;
  return (
    <tr data-task={task} data-value={accuracy ?? ''} data-n={n} data-state={state}>
      <th scope="row" title={name}>
        <ExpertMark index={index} />
        <span className="name">{name}</span>
      </th>
      <td className="bar">
        {span ? <ValueBar row={row} span={span} height={height} /> : <TaskBar row={row} height={height} />}
        {span && (
          <span className="ends" aria-hidden="true">
            <span>{inFull(metric, span[0])}</span>
            <span>{metric.smaller ? 'less is better' : ''}</span>
            <span>{inFull(metric, span[1])}</span>
          </span>
        )}
        <span className="unseen">{inWords(row)}</span>
      </td>
      <td className="accuracy">{accuracy === null ? '–' : written(metric, accuracy)}</td>
      <td className="n">{accuracy === null ? '–' : state === 'estimated' ? 'est.' : n || '–'}</td>
    </tr>
  );
}

function inWords({ state, accuracy, low, high, metric, span }: TaskRow): string {
  if (accuracy === null) return 'neither measured nor estimated';
  const ends = metric.smaller ? [high, low] : [low, high];
  const interval = `95 % interval ${ends.map((end) => inFull(metric, end)).join(' to ')}`;
  const parts = [state === 'estimated' ? 'estimated' : 'measured elsewhere', ...(high > low ? [interval] : [])];
  const scale = span ? [`worst in the file ${inFull(metric, span[0])}, best ${inFull(metric, span[1])}`] : [];
  return [...parts, ...scale].join(', ');
}
