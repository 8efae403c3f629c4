import { useState } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList, spokenCoefficients } from '../charts/coefficients.tsx';
import { percent } from '../charts/format.ts';
import { SOURCES } from './point-mark.tsx';
import type { Plot } from './use-plot.ts';

/** More rows than anybody reads. */
const MOST_ROWS = 200;

/** The same points as a table, for reading and for the keyboard; built only when it is opened. */
export function PointTable({ plot }: { readonly plot: Plot }) {
  const [open, setOpen] = useState(false);
  const { points, compared } = plot;
  const count = compared.reduce((sum, set) => sum + set.points.length, points.length);
  if (count === 0) return null;
  return (
    <details className="point-table" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Table of points ({count})</summary>
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
            {names.map((name) => (
              <th key={name} scope="col">
                {name} %
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
            <Row key={plotted.point.mergeId} plotted={plotted} />
          ))}
          {plot.compared.flatMap(({ id, name, points }) =>
            points
              .slice(0, MOST_ROWS)
              .map((plotted) => <Row key={`${id} ${plotted.point.mergeId}`} plotted={plotted} set={name} />),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** @param set the comparison that it was measured for */
function Row({ plotted, set }: { readonly plotted: PlotPoint; readonly set?: string }) {
  const { point, x, y, n, best, own } = plotted;
  const adopt = useStudio((state) => state.adopt);
  return (
    <tr className={set ? 'compared' : best ? 'best' : own ? '' : 'other'}>
      <td>
        <CoefficientList recipe={point.recipe} />
      </td>
      <td>{percent(x)}</td>
      <td>{percent(y)}</td>
      <td>{n}</td>
      <td>
        {set ?? SOURCES[point.source].name}
        {!own && ', other'}
      </td>
      <td>
        <button
          type="button"
          className="flat"
          aria-label={`Use ${spokenCoefficients(point.recipe) || set}`}
          onClick={() => adopt(point.recipe)}
        >
          use
        </button>
      </td>
    </tr>
  );
}
