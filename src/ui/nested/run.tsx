import { NODE_POINTS, type NodePoints, selectNested, selectNestedCost } from '../../store/nested.ts';
import { useStudio } from '../../store/studio.ts';
import { duration } from '../charts/format.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Measure } from '../pareto/measure.tsx';

const OPTIONS = NODE_POINTS.map((points) => ({
  value: String(points),
  name: String(points),
  help: points === 20 ? 'As published' : `${points} merges at every node, for quadratics with 6 unknowns`,
}));

/** Measures what the nodes need: what it costs is said first, and it can wait or be stopped. */
export function Run() {
  const running = useStudio((state) => state.nestedRun);
  const phase = useStudio((state) => state.search.phase);
  const problem = useStudio((state) => state.nestedProblem);
  // A design of the other views is under way, or its failure is told.
  if (!running && (phase === 'measuring' || phase === 'paused' || phase === 'failed')) return <Measure />;
  return (
    <>
      {problem !== null && (
        <p className="note failed" role="alert">
          {problem}
        </p>
      )}
      {running ? <Running total={running.total} /> : <Start />}
    </>
  );
}

function Start() {
  const nested = useStudio(selectNested);
  const cost = useStudio(selectNestedCost);
  const start = useStudio((state) => state.startNested);
  const ready = useStudio((state) => state.zoo.phase === 'ready');
  const done = nested?.next === null;
  const begun = nested?.nodes.some(({ samples }) => samples.length > 0) ?? false;
  return (
    <div className="measure nested-run">
      {done ? (
        <span>Everything is measured for these weights</span>
      ) : (
        <>
          <button
            type="button"
            className="plain"
            onClick={start}
            disabled={!ready || !cost}
            aria-describedby="nested-cost"
          >
            {begun ? 'Measure the rest' : 'Measure the nodes'}
          </button>
          <span id="nested-cost">
            {cost && `at most ${cost.merges} ${cost.merges === 1 ? 'merge' : 'merges'}`}
            {cost && cost.seconds !== null && ` · about ${duration(cost.seconds)}`}
          </span>
        </>
      )}
      <NodePointsChoice />
    </div>
  );
}

function NodePointsChoice() {
  const points = useStudio((state) => state.nodePoints);
  const set = useStudio((state) => state.setNodePoints);
  const choose = (value: string) => {
    const chosen = NODE_POINTS.find((each): each is NodePoints => String(each) === value);
    if (chosen) set(chosen);
  };
  return (
    <span className="node-points">
      <Segmented label="Merges per node" options={OPTIONS} value={String(points)} onChoose={choose} />
      merges per node
    </span>
  );
}

function Running({ total }: { readonly total: number }) {
  const cost = useStudio(selectNestedCost);
  const paused = useStudio((state) => state.search.phase === 'paused');
  const pause = useStudio((state) => state.pauseMeasuring);
  const resume = useStudio((state) => state.resumeMeasuring);
  const stop = useStudio((state) => state.stopMeasuring);
  const left = cost?.merges ?? total;
  const most = Math.max(total, left);
  const time = cost?.seconds == null || paused ? '' : ` · about ${duration(cost.seconds)}`;
  return (
    <div className="measure nested-run">
      <button type="button" className="plain" onClick={paused ? resume : pause}>
        {paused ? 'Resume' : 'Pause'}
      </button>
      <button type="button" className="plain" onClick={stop}>
        Stop
      </button>
      <progress aria-label="Measured merges" value={most - left} max={most} />
      <span>{`${paused ? 'paused, ' : ''}at most ${left} merges left${time}`}</span>
    </div>
  );
}
