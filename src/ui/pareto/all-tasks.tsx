import { lazy, Suspense, useState } from 'react';
import { selectAllGoals } from '../../store/objectives.ts';
import type { Split } from '../../store/plotted.ts';
import { selectExploration } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { Segmented } from '../controls/segmented.tsx';
import { PicksRow } from './picks-row.tsx';
import { valueWithUnit } from './units.ts';
import { useParallelProps } from './use-parallel-props.ts';
import { VolumeLine } from './volume-line.tsx';

const ParallelPlot = lazy(() =>
  import('../parallel/parallel-plot.tsx').then((module) => ({ default: module.ParallelPlot })),
);
const LinkedPairs = lazy(() => import('../pairs/linked-pairs.tsx').then((module) => ({ default: module.LinkedPairs })));

const FORMS = [
  { value: 'parallel', name: 'all axes', help: 'Every merge a line across coefficients and tasks' },
  { value: 'pairs', name: 'linked pairs', help: 'Every two of the three tasks against each other' },
] as const;

/** All tasks of the mix at once: coefficients and accuracies as parallel axes, or, of three tasks, each two as a scatter. */
export function AllTasks({ split }: { readonly split: Split }) {
  const plot = useParallelProps(split);
  const [form, setForm] = useState<'parallel' | 'pairs'>('parallel');
  const three = plot.axes.filter(({ kind }) => kind === 'task').length === 3;
  const Plot = three && form === 'pairs' ? LinkedPairs : ParallelPlot;
  return (
    <>
      {three && (
        <div className="plot-form">
          <Segmented label="Form of the plot" options={FORMS} value={form} onChoose={setForm} />
        </div>
      )}
      <Suspense fallback={<p className="plot-note">The plot is loading …</p>}>
        <Plot {...plot} />
      </Suspense>
      <PicksRow onHover={(candidate) => plot.onHover(candidate?.id)} />
      <Key split={split} />
    </>
  );
}

function Key({ split }: { readonly split: Split }) {
  const exploration = useStudio(selectExploration);
  const goals = useStudio(selectAllGoals);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  if (!exploration) return null;
  const { points, best, volume, goalFront, goalFrontSize, history, reference } = exploration;
  const references = goals.map(({ unit }, m) => valueWithUnit(unit, reference[m] ?? 0));
  const same = references.every((text) => text === references[0]);
  const drawn = goalFrontSize > goalFront.length ? `, ${goalFront.length} drawn` : '';
  return (
    <p className="plot-key">
      <span>
        {elsewhere ? '' : `${split} split · `}
        {points} measured merges, {best} of them on the front of these goals · dashed: {goalFrontSize} predicted{drawn}
      </span>
      <span title="What the measured merges cover of the space of all goals, from the reference on; in the zoo on the calibration split">
        hypervolume {volume.estimated && '≈ '}
        {volume.value.toFixed(3)}, reference {same ? `${references[0]} of each` : references.join(', ')}
      </span>
      <VolumeLine history={history} />
    </p>
  );
}
