import { useState } from 'react';
import { unitOf, written } from '../../store/metrics.ts';
import type { PlotPoint } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList, spokenCoefficients } from '../charts/coefficients.tsx';
import { SOURCES } from './point-mark.tsx';
import type { Plot } from './use-plot.ts';

/** More rows than anybody reads. */
const MOST_ROWS = 200;

/** The same points as a table, for reading and for the keyboard; built only when it is opened. */
export function PointTable({ plot }: { readonly plot: Plot }) {
  const [open, setOpen] = useState(false);
  const { points } = plot;
  if (points.length === 0) return null;
  return (
    <details className="point-table" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Table of points ({points.length})</summary>
      {open && <Rows plot={plot} />}
    </details>
  );
}

function Rows({ plot }: { readonly plot: Plot }) {
  const tasks = useStudio((state) => state.card?.tasks);
  const names = plot.pair.map((task) => tasks?.find(({ id }) => id === task)?.name ?? task);
  const sorted = [...plot.points].reverse().slice(0, MOST_ROWS);
  return (
    <div className="scroller">
      <table>
        <thead>
          <tr>
            <th scope="col">Coefficients</th>
            {names.map((name, i) => (
              <th key={name} scope="col">
                {name} {unitOf(plot.metrics[i === 0 ? 0 : 1])}
              </th>
            ))}
            <th scope="col">n</th>
            <th scope="col">From</th>
            <th scope="col">
              <span className="unseen">Use</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((plotted) => (
            <Row key={plotted.point.mergeId} plotted={plotted} metrics={plot.metrics} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ plotted, metrics: [a, b] }: { readonly plotted: PlotPoint; readonly metrics: Plot['metrics'] }) {
  const { point, x, y, n, best, own } = plotted;
  const adopt = useStudio((state) => state.adopt);
  return (
    <tr className={best ? 'best' : own ? '' : 'other'}>
      <td>
        <CoefficientList recipe={point.recipe} />
      </td>
      <td>{written(a, x)}</td>
      <td>{written(b, y)}</td>
      <td>{n === 0 ? '–' : n}</td>
      <td>
        {SOURCES[point.source].name}
        {!own && ', other'}
      </td>
      <td>
        <button
          type="button"
          className="flat"
          aria-label={`Use ${spokenCoefficients(point.recipe)}`}
          onClick={() => adopt(point.recipe)}
        >
          use
        </button>
      </td>
    </tr>
  );
}
