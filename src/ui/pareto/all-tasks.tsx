import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { asReference, isAccuracy, metricOf } from '../../store/metrics.ts';
import type { Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectExploration } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { floorsByAxis, taskOfAxis, useParallel } from './use-parallel.ts';
import { VolumeLine } from './volume-line.tsx';

const ParallelPlot = lazy(() =>
  import('../parallel/parallel-plot.tsx').then((module) => ({ default: module.ParallelPlot })),
);

/** All tasks of the mix at once: coefficients and accuracies as parallel axes, brushed and with floors. */
export function AllTasks({ split }: { readonly split: Split }) {
  const { axes, lines } = useParallel(split);
  const brushes = useStudio((state) => state.brushes);
  const floors = useStudio((state) => state.floors);
  const setBrush = useStudio((state) => state.setBrush);
  const setFloor = useStudio((state) => state.setFloor);
  const [hovered, setHovered] = useState<string>();
  const byAxis = useMemo(() => floorsByAxis(floors), [floors]);
  const floor = useCallback(
    (axis: string, value: number | undefined) => {
      const task = taskOfAxis(axis, useStudio.getState().recipe?.experts ?? []);
      if (task !== undefined) setFloor(task, value);
    },
    [setFloor],
  );
  return (
    <>
      <Suspense fallback={<p className="plot-note">The plot is loading …</p>}>
        <ParallelPlot
          axes={axes}
          lines={lines}
          brushes={brushes}
          floors={byAxis}
          hovered={hovered}
          onBrush={setBrush}
          onFloor={floor}
          onHover={setHovered}
          onChoose={choose}
        />
      </Suspense>
      <Key split={split} />
    </>
  );
}

/** Takes over a measured merge, or one of the predicted front. */
function choose(id: string): void {
  const state = useStudio.getState();
  const predicted = selectExploration(state)?.goalFront[Number(id.replace('predicted ', ''))];
  const measured = state.points.find(({ mergeId }) => mergeId === id);
  if (measured) state.adopt(measured.recipe);
  else if (predicted && state.recipe) state.adopt(recipeAt(state.recipe, predicted.coefficients));
}

function Key({ split }: { readonly split: Split }) {
  const exploration = useStudio(selectExploration);
  const tasks = useStudio(({ view, recipe }) => (view?.goals === 'all' ? recipe?.experts : view?.pair)) ?? [];
  const elsewhere = useStudio((state) => state.elsewhere);
  if (!exploration) return null;
  const { points, best, volume, goalFront, goalFrontSize, history, reference } = exploration;
  const metrics = tasks.map((task) => metricOf({ elsewhere }, task));
  const natural = metrics.every(isAccuracy);
  const drawn = goalFrontSize > goalFront.length ? `, ${goalFront.length} drawn` : '';
  return (
    <p className="plot-key">
      <span>
        {elsewhere ? '' : `${split} split · `}
        {points} measured merges, {best} of them on the front of all tasks · dashed: {goalFrontSize} predicted{drawn}
      </span>
      <span title="What the measured merges cover of the space of all tasks, from the reference on; in the zoo on the calibration split">
        hypervolume {volume.estimated && '≈ '}
        {volume.value.toFixed(3)}, reference{' '}
        {natural ? '0 % of each' : metrics.map((metric, i) => asReference(metric, reference[i] ?? 0)).join(', ')}
      </span>
      <VolumeLine history={history} />
    </p>
  );
}
