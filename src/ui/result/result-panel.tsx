import { useState } from 'react';
import { selectExtrapolated } from '../../store/sampled.ts';
import { selectExploration, selectMergeId, selectTaskRows, type TaskRow } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { shortId } from '../charts/format.ts';
import { ChangeLine } from './change-line.tsx';
import { testImages } from './names.ts';
import { ResultKey } from './result-key.tsx';
import { ResultStatus } from './result-status.tsx';
import { stateLine } from './state-line.ts';
import { SummaryLine } from './summary-line.tsx';
import { TaskTable } from './task-table.tsx';
import './result.css';

/** Rows that the small screen shows before "more". */
const FIRST_ROWS = 4;

/** What the merge on the screen can do, task by task. */
export function ResultPanel() {
  const rows = useStudio(selectTaskRows);
  const phase = useStudio((state) => state.run.phase);
  const mergeId = useStudio(selectMergeId) ?? '';
  const [more, setMore] = useState(false);
  const hidden = rows.length - FIRST_ROWS;
  return (
    <section className="result" aria-label="Result" data-merge-id={mergeId} data-phase={phase} data-more={more}>
      <header className="panel-head">
        <h2>Result</h2>
        <AllTasks />
      </header>
      <p className="state-line">
        <Origin rows={rows} />
        {mergeId !== '' && (
          <span>
            merge <code title={`merge id ${mergeId}`}>{shortId(mergeId)}</code>
          </span>
        )}
      </p>
      {rows.length > 0 && <TaskTable rows={rows} />}
      {hidden > 0 && (
        <button type="button" className="plain more" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? 'Fewer tasks' : `${hidden} more ${hidden === 1 ? 'task' : 'tasks'}`}
        </button>
      )}
      {rows.length > 0 && <ResultKey />}
      <SummaryLine rows={rows} />
      <div className="result-foot">
        <ResultStatus />
        <ChangeLine rows={rows} />
      </div>
    </section>
  );
}

function Origin({ rows }: { readonly rows: readonly TaskRow[] }) {
  const images = useStudio((state) => (state.card ? testImages(state.card) : 0));
  const points = useStudio((state) => selectExploration(state)?.points ?? 0);
  const extrapolated = useStudio(selectExtrapolated);
  const more = useStudio((state) => state.run.phase === 'measuring');
  const preparing = useStudio((state) => state.run.phase === 'preparing');
  const refused = useStudio((state) => state.run.phase === 'refused' || state.run.phase === 'failed');
  const loading = useStudio((state) => state.zoo.phase === 'loading');
  const fromZoo = useStudio((state) => state.measurement?.source === 'zoo');
  return (
    <span data-testid="state-line">
      {stateLine(rows, { images, points, extrapolated, more, preparing, refused, loading, fromZoo })}
    </span>
  );
}

/** Also shows what the merge forgot: tasks whose expert is left out. */
function AllTasks() {
  const tasks = useStudio((state) => state.card?.tasks.length ?? 0);
  const merged = useStudio((state) => state.recipe?.experts.length ?? 0);
  const all = useStudio((state) => state.view?.allTasks ?? false);
  const setView = useStudio((state) => state.setView);
  if (merged >= tasks) return null;
  return (
    <label className="all-tasks" title="Also shows the tasks whose expert is left out: what was forgotten">
      <input type="checkbox" checked={all} onChange={(event) => setView({ allTasks: event.target.checked })} />
      all {tasks} tasks
    </label>
  );
}
