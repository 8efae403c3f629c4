import { NEXT } from '../../store/pareto.ts';
import { selectBudget, selectExploration } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { duration } from '../charts/format.ts';
import { type Budget, Varies } from './varies.tsx';

/** Measures a planned design of merges: what it costs is said first, and it can be stopped. */
export function Measure() {
  const search = useStudio((state) => state.search);
  switch (search.phase) {
    case 'measuring':
      return <Measuring done={search.done} total={search.total} secondsLeft={search.secondsLeft} />;
    case 'failed':
      return (
        <>
          <p className="note failed" role="alert">
            <span>
              <strong>{search.failure.message}</strong> {search.failure.todo}
            </span>
          </p>
          <Start note="" />
        </>
      );
    case 'choosing':
      return <p className="measure">choosing the next merges …</p>;
    case 'paused':
      return <Paused done={search.done} total={search.total} />;
    case 'stopped':
      return <Start note={`stopped after ${search.done} of ${search.total} merges, which stay in the plot`} />;
    case 'idle':
      return <Start note="" />;
  }
}

function Start({ note }: { readonly note: string }) {
  const budget = useStudio(selectBudget);
  const start = useStudio((state) => state.measurePoints);
  const more = useStudio((state) => state.measureMore);
  const fitted = useStudio((state) => (selectExploration(state)?.goalFront.length ?? 0) > 0);
  const ready = useStudio((state) => state.zoo.phase === 'ready');
  if (!budget) return null;
  const { merges, unknowns, prepares, seconds } = budget;
  // The key keeps it open when the first control is chosen and the buttons come.
  const varies = <Varies key="varies" budget={budget} />;
  const refusal = whyNot(budget);
  if (refusal !== undefined)
    return (
      <div className="measure">
        <span>{refusal}</span>
        {varies}
      </div>
    );
  return (
    <div className="measure">
      <button type="button" className="plain" onClick={start} disabled={!ready} aria-describedby="measure-budget">
        Measure 2p points
      </button>
      {fitted && (
        <button
          type="button"
          className="plain"
          onClick={more}
          disabled={!ready}
          title="Merges chosen by Thompson sampling on the surrogates: likely to add most to what the measured front covers"
        >
          {NEXT} more for the front
        </button>
      )}
      <span id="measure-budget">
        {merges} merges{seconds === null ? '' : ` · about ${duration(seconds)}`}
        {prepares && ' and a preparation each'} · p = {unknowns} unknowns
        {note !== '' && ` · ${note}`}
      </span>
      {varies}
    </div>
  );
}

function whyNot({ coefficients, most }: Budget): string | undefined {
  if (coefficients === 0) return 'This method has no coefficient to vary.';
  if (coefficients <= most) return undefined;
  return `${coefficients} coefficients are too many, a design holds ${most}: leave experts out, or take fewer groups of layers.`;
}

function Measuring(props: { readonly done: number; readonly total: number; readonly secondsLeft: number | null }) {
  const { done, total, secondsLeft } = props;
  const pause = useStudio((state) => state.pauseMeasuring);
  const stop = useStudio((state) => state.stopMeasuring);
  const left = secondsLeft === null ? '' : ` · about ${duration(secondsLeft)} left`;
  return (
    <div className="measure">
      <button type="button" className="plain" onClick={pause}>
        Pause
      </button>
      <button type="button" className="plain" onClick={stop}>
        Stop
      </button>
      <progress aria-label="Measured merges" value={done} max={total} />
      <span>
        {done} of {total} merges{left}
      </span>
    </div>
  );
}

function Paused({ done, total }: { readonly done: number; readonly total: number }) {
  const resume = useStudio((state) => state.resumeMeasuring);
  const stop = useStudio((state) => state.stopMeasuring);
  return (
    <div className="measure">
      <button type="button" className="plain" onClick={resume}>
        Resume
      </button>
      <button type="button" className="plain" onClick={stop}>
        Stop
      </button>
      <progress aria-label="Measured merges" value={done} max={total} />
      <span>
        paused after {done} of {total} merges
      </span>
    </div>
  );
}
