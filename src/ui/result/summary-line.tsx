import type { TaskRow } from '../../store/selectors.ts';
import { percent, wholePercent } from '../charts/format.ts';
import { summarise } from './state-line.ts';

/** Average and worst task of the merge: three figures and no more. */
export function SummaryLine({ rows }: { readonly rows: readonly TaskRow[] }) {
  const summary = summarise(rows);
  if (!summary) return <Empty />;
  const { average, normalised, worst, worstAccuracy, estimated, stale } = summary;
  return (
    <dl className={`summary ${estimated ? 'estimated' : stale ? 'stale' : ''}`}>
      <div>
        <dt>average</dt>
        <dd data-average={average}>{percent(average)} %</dd>
      </div>
      <div title="Mean over the merged tasks of accuracy ÷ the expert’s own accuracy on the same samples">
        <dt>normalised average</dt>
        <dd data-normalised-average={normalised}>{wholePercent(normalised)} of experts</dd>
      </div>
      <div>
        <dt>
          worst<span> task</span>
        </dt>
        <dd data-worst={worst.task}>
          {worst.name} {percent(worstAccuracy)} %
        </dd>
      </div>
    </dl>
  );
}

/** Keeps the place until there are numbers. */
function Empty() {
  return (
    <dl className="summary stale">
      {['average', 'normalised average', 'worst task'].map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>–</dd>
        </div>
      ))}
    </dl>
  );
}
