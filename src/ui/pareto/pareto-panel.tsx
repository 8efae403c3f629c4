import { lazy, memo, Suspense, useCallback, useMemo, useState } from 'react';
import type { Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { useStudio } from '../../store/studio.ts';
import { Segmented } from '../controls/segmented.tsx';
import { AllTasks } from './all-tasks.tsx';
import { AxisPicker } from './axis-picker.tsx';
import { DetailLine } from './detail-line.tsx';
import { FitLine } from './fit-line.tsx';
import { HoverContext, type Target } from './hover.ts';
import { Measure } from './measure.tsx';
import { PlotKey } from './plot-key.tsx';
import { PointTable } from './point-table.tsx';
import { TakeAway } from './take-away.tsx';
import { type Plot, usePlot } from './use-plot.ts';
import './pareto.css';

/** Charts are a large library: it arrives after the first view, and is drawn only when something in the plot has changed. */
const Chart = memo(lazy(() => import('./scatter-chart.tsx')));

const SPLITS = [
  { value: 'calibration', name: 'calibration', help: 'Held-out samples that may be used to choose a merge' },
  { value: 'test', name: 'test', help: 'Samples that are only reported' },
] as const;

const GOALS = [
  { value: 'pair', name: 'two tasks', help: 'Two tasks against each other' },
  { value: 'all', name: 'all tasks', help: 'All tasks of the mix and the coefficients side by side' },
] as const;

/** Every merge measured so far, what the surrogates predict, and the merge on the screen: over two tasks, or over all. */
export function ParetoPanel() {
  const [split, setSplit] = useState<Split>('calibration');
  const goals = useStudio((state) => state.view?.goals ?? 'pair');
  const setView = useStudio((state) => state.setView);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const plot = usePlot(split);
  return (
    <section className="pareto" aria-label="Pareto front">
      <header className="panel-head">
        <h2>Trade-offs</h2>
        <Segmented
          label="Tasks of the front"
          options={GOALS}
          value={goals}
          onChoose={(chosen) => setView({ goals: chosen })}
        />
        {!elsewhere && <Segmented label="Split of the points" options={SPLITS} value={split} onChoose={setSplit} />}
      </header>
      {goals === 'all' ? <AllTasks split={split} /> : <TwoTasks split={split} plot={plot} />}
      <FitLine />
      {elsewhere ? <MeasuredElsewhere /> : <Measure />}
      <div className="points-foot">
        {plot && <PointTable plot={plot} />}
        <TakeAway split={split} />
      </div>
    </section>
  );
}

/** In place of measuring, for which there is no model here. */
function MeasuredElsewhere() {
  const setDialog = useStudio((state) => state.setDialog);
  return (
    <p className="measure">
      <span>These merges were measured elsewhere.</span>
      <button type="button" className="plain" onClick={() => setDialog('plan')}>
        Plan more …
      </button>
    </p>
  );
}

function TwoTasks({ split, plot }: { readonly split: Split; readonly plot: Plot | undefined }) {
  const hover = useHover();
  return (
    <HoverContext value={hover}>
      <AxisPicker axis={1} />
      <div className="plot">
        {plot && (
          <Suspense fallback={<p className="plot-note">The plot is loading …</p>}>
            <Chart plot={plot} />
          </Suspense>
        )}
      </div>
      <div className="plot-foot">
        <DetailLine split={split} />
        <AxisPicker axis={0} />
      </div>
      {plot && <PlotKey plot={plot} />}
    </HoverContext>
  );
}

function useHover() {
  const [target, setTarget] = useState<Target | undefined>();
  const adoptRecipe = useStudio((state) => state.adopt);
  const adopt = useCallback(
    (chosen: Target) => {
      const { recipe } = useStudio.getState();
      if (chosen.kind === 'measured') adoptRecipe(chosen.plotted.point.recipe);
      else if (recipe) adoptRecipe(recipeAt(recipe, chosen.predicted.coefficients));
    },
    [adoptRecipe],
  );
  return useMemo(() => ({ target, setTarget, adopt }), [target, adopt]);
}
