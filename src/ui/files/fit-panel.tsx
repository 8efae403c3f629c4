import { useState } from 'react';
import { absentFrom } from '../../store/files/asked.ts';
import type { Checked } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Choices } from './choices.tsx';
import { FitTable } from './fit-table.tsx';
import { KinshipPanel } from './kinship.tsx';

const FILTERS = [
  { value: 'all', name: 'All tensors' },
  { value: 'problems', name: 'Differences' },
] as const;

/** Will they merge? What headers say, what has to be decided, and the table behind it. */
export function FitPanel() {
  const check = useFiles((state) => state.check);
  const absent = useFiles((state) => absentFrom(state).length);
  if (check.phase === 'failed')
    return (
      <section className="fit-panel" role="alert">
        <h2>These models cannot be compared</h2>
        <p>{check.failure.message}</p>
        <p className="hint">{check.failure.todo}</p>
      </section>
    );
  if (absent > 0) return <p className="hint">Whether they merge is told when all files of the link are open.</p>;
  if (check.phase !== 'checked') return <p className="hint">Comparing headers …</p>;
  return <Verdict checked={check.checked} />;
}

function Verdict({ checked }: { readonly checked: Checked }) {
  const [filter, setFilter] = useState<'all' | 'problems'>('all');
  const { fit, problems } = checked;
  const differing = fit.rows.filter(
    ({ mismatches, cells }) => mismatches.length > 0 || cells.some(({ fits }) => !fits),
  );
  const open = fit.decisions.filter(({ chosen }) => chosen === null).length;
  const bad = fit.refusals.length > 0 || problems.length > 0;
  const state = bad ? 'no' : open > 0 ? 'open' : 'yes';
  const shown = filter === 'all' ? fit.rows : differing;
  const reasons = [...problems.map(({ message, todo }) => `${message} ${todo}`), ...fit.refusals].filter(
    (reason) => reason !== fit.summary,
  );
  return (
    <section className="fit-panel" aria-label="Will they merge?" data-fit={state}>
      <header className="fit-head">
        <h2 className="unseen">Will they merge?</h2>
        <p className="verdict" role="status">
          <b aria-hidden="true">{state === 'yes' ? '✓' : state === 'no' ? '✗' : '?'}</b> {fit.summary}
        </p>
        <p className="hint">{fit.architecture.reason}</p>
      </header>
      {reasons.length + fit.remarks.length > 0 && (
        <ul className="fit-notes">
          {reasons.map((reason) => (
            <li key={reason} className="bad">
              {reason}
            </li>
          ))}
          {fit.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      {fit.decisions.length > 0 && fit.refusals.length === 0 && <Choices decisions={fit.decisions} />}
      {fit.base !== null && fit.experts.length > 0 && !bad && <KinshipPanel fit={fit} />}
      {fit.models.length > 0 && (
        <>
          <div className="fit-bar">
            <Segmented
              label="Tensors in the table"
              options={FILTERS.map((one) => ({
                ...one,
                name: `${one.name} (${(one.value === 'all' ? fit.rows : differing).length})`,
              }))}
              value={filter}
              onChoose={setFilter}
            />
          </div>
          {shown.length > 0 ? (
            <FitTable fit={fit} rows={shown} />
          ) : (
            <p className="hint">No tensor differs: names and shapes are the same in all models.</p>
          )}
        </>
      )}
    </section>
  );
}
