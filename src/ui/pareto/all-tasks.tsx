import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { selectAllGoals } from '../../store/objectives.ts';
import type { Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectExploration } from '../../store/selectors.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { valueWithUnit } from './units.ts';
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
      const task = taskOfAxis(
        axis,
        selectAllGoals(useStudio.getState()).map(({ id }) => id),
      );
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
  else if (predicted && state.recipe) {
    const recipe = recipeAt(state.recipe, predicted.coefficients, selectSpace(state));
    state.rememberPredictions([recipe]);
    state.adopt(recipe);
  }
}

function Key({ split }: { readonly split: Split }) {
  const exploration = useStudio(selectExploration);
  const goals = useStudio(selectAllGoals);
  if (!exploration) return null;
  const { points, best, volume, goalFront, goalFrontSize, history, reference } = exploration;
  const references = goals.map(({ unit }, m) => valueWithUnit(unit, reference[m] ?? 0));
  const same = references.every((text) => text === references[0]);
  const drawn = goalFrontSize > goalFront.length ? `, ${goalFront.length} drawn` : '';
  return (
    <p className="plot-key">
      <span>
        {split} split · {points} measured merges, {best} of them on the front of these goals · dashed: {goalFrontSize}{' '}
        predicted{drawn}
      </span>
      <span title="What the measured merges cover of the space of all goals, on the calibration split">
        hypervolume {volume.estimated && '≈ '}
        {volume.value.toFixed(3)}, reference {same ? `${references[0]} of each` : references.join(', ')}
      </span>
      <VolumeLine history={history} />
    </p>
  );
}
