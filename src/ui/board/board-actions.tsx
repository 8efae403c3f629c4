import type { ReactNode } from 'react';
import { pauseBoard, runBoard, stopBoard } from '../../store/board-run.ts';
import { type BoardCost, type BoardLine, boardCost, selectRun } from '../../store/board-views.ts';
import { useStudio } from '../../store/studio.ts';
import { duration } from '../charts/format.ts';

interface BoardActionsProps {
  readonly lines: readonly BoardLine[];
  /** Stands below, in the room that is kept for a second offer. */
  readonly children: ReactNode;
}

/** What is left to measure and to tune, what it costs, and how far it is. */
export function BoardActions({ lines, children }: BoardActionsProps) {
  const run = useStudio(selectRun);
  return (
    <div className="board-actions">
      {run ? (
        <Running lines={lines} paused={run.paused} measure={run.measure} tune={run.tune} />
      ) : (
        <Start lines={lines} />
      )}
      {children}
    </div>
  );
}

function Start({ lines }: { readonly lines: readonly BoardLine[] }) {
  const card = useStudio((state) => state.card);
  const msPerSample = useStudio((state) => state.msPerSample);
  const samples = useStudio((state) => state.samples);
  const tasks = useStudio((state) => state.recipe?.experts.length ?? 0);
  const ready = useStudio((state) => state.zoo.phase === 'ready');
  const waiting = useStudio((state) => state.boardRun !== null);
  const cost = boardCost(lines, { card, msPerSample, samples }, tasks);
  if (!cost) return null;
  const { measure, tune, merges, n, seconds } = cost;
  return (
    <>
      {measure.length > 0 && (
        <p>
          <button
            type="button"
            className="primary"
            disabled={!ready}
            aria-describedby="board-measure"
            onClick={() => runBoard({ measure, tune: [] })}
          >
            Measure {measure.length} {measure.length === 1 ? 'method' : 'methods'}
          </button>
          <span id="board-measure">
            with their defaults: {measure.length} {measure.length === 1 ? 'merge' : 'merges'}, n = {n.calibration}{' '}
            calibration and {n.test} test samples per task{time(seconds?.measure)}
          </span>
        </p>
      )}
      {tune.length > 0 && (
        <p>
          <button
            type="button"
            className="plain"
            disabled={!ready}
            aria-describedby="board-tune"
            onClick={() => runBoard({ measure, tune })}
          >
            Tune all
          </button>
          <span id="board-tune">{tuningWords(cost, tune.length, merges.tune)}</span>
        </p>
      )}
      {measure.length + tune.length === 0 && <p className="hint">Everything is measured and tuned.</p>}
      {waiting && <p className="hint">A run for another mix waits until that mix is on the screen again.</p>}
    </>
  );
}

const time = (seconds: number | undefined) =>
  seconds === undefined ? '' : `; about ${duration(seconds)} and the preparations`;

function tuningWords({ n, seconds, budget }: BoardCost, methods: number, merges: number): string {
  const price = `${methods} ${methods === 1 ? 'method' : 'methods'}, ${budget} merges each on n = ${n.calibration} calibration images per task`;
  return `${price}: ${merges} merges more${time(seconds?.tune)}`;
}

interface RunningProps {
  readonly lines: readonly BoardLine[];
  readonly paused: boolean;
  readonly measure: readonly string[];
  readonly tune: readonly string[];
}

function Running({ lines, paused, measure, tune }: RunningProps) {
  const next = useStudio((state) => state.boardNext);
  const training = useStudio((state) => state.training);
  const line = lines.find(({ id }) => id === next?.entry);
  const named = (ids: readonly string[]) => lines.filter(({ id }) => ids.includes(id));
  const wanted = named([...measure, ...tune]);
  const measured = wanted.filter(({ first, failure }) => first || failure).length;
  const tuning = named(tune).filter(({ untunable }) => untunable === undefined);
  const tuned = tuning.filter((one) => one.tuned || one.failure).length;
  const trials = tuning.reduce((sum, one) => sum + (one.tuned ? one.budget : one.trials), 0);
  const total = wanted.length + tuning.reduce((sum, { budget }) => sum + budget, 0);
  const doing = line ? (next?.kind === 'default' ? `measuring ${line.name}` : `tuning ${line.name}`) : 'waiting';
  return (
    <p className="board-running">
      <button type="button" className="plain" onClick={() => pauseBoard(!paused)}>
        {paused ? 'Resume' : 'Pause'}
      </button>
      <button type="button" className="plain" onClick={stopBoard}>
        Stop
      </button>
      <progress aria-label="Leaderboard" value={measured + trials} max={total} />
      <span role="status">
        {paused ? 'paused' : doing}: {measured} of {wanted.length} methods measured
        {tuning.length > 0 && `, ${tuned} of ${tuning.length} tuned`}
      </span>
      <span className="board-detail">
        {next?.kind === 'trial' && line && `merge ${line.trials + 1} of ${line.budget}`}
        {training && ` ${training.doing}`}
      </span>
    </p>
  );
}
