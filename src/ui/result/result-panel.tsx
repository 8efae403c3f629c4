import { lazy, Suspense, useState } from 'react';
import { selectPinnable } from '../../store/pins.ts';
import { selectExtrapolated } from '../../store/sampled.ts';
import { selectExploration, selectMergeId, selectTaskRows, type TaskRow } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { shortId } from '../charts/format.ts';
import { useMedia } from '../shell/use-media.ts';
import { ChangeLine } from './change-line.tsx';
import { testImages } from './names.ts';
import { ResultKey } from './result-key.tsx';
import { ResultStatus } from './result-status.tsx';
import { stateLine } from './state-line.ts';
import { SummaryLine } from './summary-line.tsx';
import { TaskTable } from './task-table.tsx';
import './result.css';

// Nothing is pinned on a first visit.
const PinCard = lazy(() => import('./pin-card.tsx'));

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
        <span className="result-tools">
          <AllTasks />
          <PinButton />
          <BoardButton />
        </span>
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
      <Pinned />
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

/** On a small screen the bars need the room: the pins lie above the sliders there. */
function Pinned() {
  const phone = useMedia('(max-width: 720px)');
  return phone ? null : <PinnedCard />;
}

/** A and B, once something is pinned. */
export function PinnedCard() {
  const pinned = useStudio((state) => state.pins.a !== null && state.elsewhere === null);
  if (!pinned) return null;
  return (
    <Suspense>
      <PinCard />
    </Suspense>
  );
}

function PinButton() {
  const own = useStudio((state) => state.pins.a !== null && state.pins.a.mergeId === selectMergeId(state));
  const ready = useStudio((state) => selectPinnable(state) !== null);
  const pin = useStudio((state) => state.pinCurrent);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  if (elsewhere) return null;
  return (
    <button
      type="button"
      className="flat"
      aria-pressed={own}
      disabled={!ready}
      title="Keeps this result to compare with (P)"
      onClick={pin}
    >
      {own ? 'Unpin A' : 'Pin as A'}
    </button>
  );
}

function BoardButton() {
  const open = useStudio((state) => state.openBoard);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const running = useStudio((state) => state.boardNext !== null);
  if (elsewhere) return null;
  return (
    <button
      type="button"
      className="flat"
      aria-label="Leaderboard of all methods"
      title="All methods on this mix, side by side (L)"
      onClick={() => open(true)}
    >
      Leaderboard{running && ' …'}
    </button>
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
