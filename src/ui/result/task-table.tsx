import { PIN_LETTERS, type Pin, type PinName, selectReference } from '../../store/pins.ts';
import type { TaskRow } from '../../store/selectors.ts';
import { signed } from '../../store/sentence.ts';
import { useStudio } from '../../store/studio.ts';
import { versus } from '../../store/versus.ts';
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
  const reference = useStudio(selectReference);
  const firstLeftOut = ordered.findIndex((row) => !row.merged);
  return (
    <table className={`task-table ${close ? '' : 'airy'} ${reference ? 'versus' : ''}`}>
      <caption className="unseen">Accuracy of the merged network per task, test samples</caption>
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
          {reference && (
            <th scope="col" className="delta" title="Points more or less than the pinned result; grey within noise">
              vs {PIN_LETTERS[reference.name]}
            </th>
          )}
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
          <TaskLine
            key={row.task}
            row={row}
            height={height}
            divided={i === firstLeftOut && i > 0}
            reference={reference}
          />
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
  readonly reference: { readonly name: PinName; readonly pin: Pin } | null;
}

function TaskLine({ row, height, divided, reference }: TaskLineProps) {
  const pinned = reference?.pin.test[row.task];
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
        <TaskBar row={row} height={height} ghost={pinned && pinned.n > 0 ? pinned.correct / pinned.n : null} />
        <span className="unseen">{baselines(row)}</span>
      </td>
      <td className="accuracy">{row.accuracy === null ? '–' : percent(row.accuracy)}</td>
      {reference && <Delta row={row} reference={reference} />}
      <td className="n">{row.state === 'estimated' ? 'est.' : row.accuracy === null ? '–' : row.n}</td>
      <td className="share">{row.ofExpert === null ? '–' : wholePercent(row.ofExpert)}</td>
    </tr>
  );
}

/** Measured against measured only: an estimate has no count to judge by. */
function Delta({
  row,
  reference,
}: Pick<TaskLineProps, 'row'> & { readonly reference: NonNullable<TaskLineProps['reference']> }) {
  const here = { correct: Math.round((row.accuracy ?? 0) * row.n), n: row.state === 'measured' ? row.n : 0 };
  const there = reference.pin.test[row.task];
  const found = versus(here, there);
  if (!found) return <td className="delta">–</td>;
  const { delta, beyondNoise } = found;
  const words = `${PIN_LETTERS[reference.name]} had ${percent(delta === 0 ? (row.accuracy ?? 0) : (row.accuracy ?? 0) - delta)} % on n = ${there?.n}${beyondNoise ? '' : '; within noise'}`;
  return (
    <td className={beyondNoise ? 'delta' : 'delta noise'} title={words}>
      {signed(delta)}
      <span className="unseen"> points; {words}</span>
    </td>
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
