import { lazy, memo, Suspense, useCallback, useMemo, useState } from 'react';
import { selectComparisons } from '../../store/comparison-views.ts';
import type { Candidate } from '../../store/picks.ts';
import type { Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { Segmented } from '../controls/segmented.tsx';
import { AllTasks } from './all-tasks.tsx';
import { AxisPicker } from './axis-picker.tsx';
import { DetailLine } from './detail-line.tsx';
import { FitLine } from './fit-line.tsx';
import { type Fold, Folds } from './folds.tsx';
import { HoverContext, type Target } from './hover.ts';
import { KeptLine } from './kept-line.tsx';
import { unusual } from './map-options.ts';
import { Measure } from './measure.tsx';
import { PicksRow } from './picks-row.tsx';
import { PlotKey } from './plot-key.tsx';
import { type Plot, usePlot } from './use-plot.ts';
import './pareto.css';

/** Charts are a large library: it arrives after the first view, and is drawn only when something in the plot has changed. */
const Chart = memo(lazy(() => import('./scatter-chart.tsx')));
const NestedPanel = lazy(() => import('../nested/nested-panel.tsx'));

/** Asked for below the plot, when somebody wants to know more. */
const ChooseBy = lazy(() => import('./choose-by.tsx').then((module) => ({ default: module.ChooseBy })));
const How = lazy(() => import('./how.tsx'));
const Compare = lazy(() => import('./compare.tsx').then((module) => ({ default: module.Compare })));
const PointTable = lazy(() => import('./point-table.tsx').then((module) => ({ default: module.PointTable })));
const TakeAway = lazy(() => import('./take-away.tsx').then((module) => ({ default: module.TakeAway })));
/** There only once something was measured to compare with. */
const Volumes = lazy(() => import('./compare.tsx').then((module) => ({ default: module.Volumes })));

const SPLITS = [
  { value: 'calibration', name: 'calibration', help: 'Held-out samples that may be used to choose a merge' },
  { value: 'test', name: 'test', help: 'Samples that are only reported' },
] as const;

const GOALS = [
  { value: 'pair', name: 'two tasks', help: 'Two tasks against each other' },
  { value: 'all', name: 'all tasks', help: 'All tasks of the mix and the coefficients side by side' },
  { value: 'nested', name: 'nested', help: 'Experts merged two by two, a small front at every pair' },
] as const;

/** Every merge measured so far, what the surrogates predict, and the merge on the screen: over two tasks, or over all. */
export function ParetoPanel() {
  const [split, setSplit] = useState<Split>('calibration');
  const goals = useStudio((state) => state.view?.goals ?? 'pair');
  const setView = useStudio((state) => state.setView);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const compared = useStudio((state) => selectComparisons(state).length > 0);
  const plot = usePlot(split);
  const folds = useFolds(split, plot);
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
        {goals !== 'nested' && !elsewhere && (
          <Segmented label="Split of the points" options={SPLITS} value={split} onChoose={setSplit} />
        )}
      </header>
      {goals === 'nested' ? (
        <Suspense fallback={<p className="plot-note">The tree is loading …</p>}>
          <NestedPanel />
        </Suspense>
      ) : (
        <>
          {goals === 'all' ? <AllTasks split={split} /> : <TwoTasks split={split} plot={plot} />}
          <FitLine />
          <Suspense fallback={null}>{compared && !elsewhere && <Volumes split={split} />}</Suspense>
          {elsewhere ? <MeasuredElsewhere /> : <Measure />}
        </>
      )}
      <Folds folds={folds} />
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

function useFolds(split: Split, plot: Plot | undefined): readonly Fold[] {
  const changed = useStudio((state) => (state.view ? unusual(state.view.map).join(', ') : ''));
  const nested = useStudio((state) => state.view?.goals === 'nested');
  const mixed = useStudio((state) => state.elsewhere === null && (state.recipe?.experts.length ?? 0) > 1);
  const count = plot?.compared.reduce((sum, set) => sum + set.points.length, plot.points.length) ?? 0;
  const how = `How the front is found${changed && `: ${changed}`}`;
  return [
    ...(nested ? [] : [{ id: 'choose', name: 'Choose by …', body: <ChooseBy /> }]),
    ...(nested ? [] : [{ id: 'how', name: how, body: <How /> }]),
    ...(nested || !mixed ? [] : [{ id: 'compare', name: 'Compare with …', body: <Compare /> }]),
    ...(plot && count > 0
      ? [{ id: 'table', name: `Table of points (${count})`, body: <PointTable plot={plot} /> }]
      : []),
    { id: 'files', name: 'Files', body: <TakeAway split={split} /> },
  ];
}

function TwoTasks({ split, plot }: { readonly split: Split; readonly plot: Plot | undefined }) {
  const hover = useHover();
  return (
    <HoverContext value={hover}>
      <div className="plot-head">
        <AxisPicker axis={1} />
        {plot && <KeptLine plot={plot} />}
      </div>
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
      <PicksRow onHover={(candidate) => hover.setTarget(plot && candidate && targetOf(candidate, plot))} />
      {plot && <PlotKey plot={plot} />}
    </HoverContext>
  );
}

/** A candidate as the plot shows it. */
function targetOf({ id, coefficients, values }: Candidate, { points }: Plot): Target | undefined {
  const plotted = points.find(({ point }) => point.mergeId === id);
  if (plotted) return { kind: 'measured', plotted };
  return { kind: 'predicted', predicted: { coefficients, x: values[0] ?? 0, y: values[1] ?? 0 } };
}

function useHover() {
  const [target, setTarget] = useState<Target | undefined>();
  const adoptRecipe = useStudio((state) => state.adopt);
  const remember = useStudio((state) => state.rememberPredictions);
  const adopt = useCallback(
    (chosen: Target) => {
      const state = useStudio.getState();
      const { recipe } = state;
      if (chosen.kind === 'measured') adoptRecipe(chosen.plotted.point.recipe);
      else if (recipe) {
        const predicted = recipeAt(recipe, chosen.predicted.coefficients, selectSpace(state));
        remember([predicted]);
        adoptRecipe(predicted);
      }
    },
    [adoptRecipe, remember],
  );
  return useMemo(() => ({ target, setTarget, adopt }), [target, adopt]);
}
