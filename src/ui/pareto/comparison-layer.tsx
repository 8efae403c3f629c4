import { useContext } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import { COMPARISON_PATHS } from './comparison-mark.tsx';
import { HoverContext } from './hover.ts';
import { usePlotNames } from './plot-names.ts';
import { usePlace } from './use-place.ts';
import { type Plot, reaches } from './use-plot.ts';

/** The measured comparisons, each with its own stroke, or a line where one merge leads to the next, and its name. */
export function ComparisonLayer({ plot }: { readonly plot: Plot }) {
  const place = usePlace();
  const { compared: named } = usePlotNames();
  const { target } = useContext(HoverContext);
  const { compared, x, y } = plot;
  if (!place || compared.length === 0) return null;
  const sets = compared.map((set) => ({
    ...set,
    inside: set.points.filter((point) => reaches(x, point.x) && reaches(y, point.y)),
  }));
  const at = (point: PlotPoint) => place.at(point.x, point.y);
  return (
    <g className="comparisons" pointerEvents="none">
      {sets.map(({ id, inside, joined }) => (
        <g key={id} className="comparison" data-comparison={id}>
          {joined && (
            <polyline
              points={inside
                .map((point) =>
                  place
                    .at(point.x, point.y)
                    .map((v) => v.toFixed(1))
                    .join(),
                )
                .join(' ')}
            />
          )}
          {inside.map((point) => {
            const [left, top] = at(point);
            const active = target?.kind === 'measured' && target.plotted === point;
            return (
              <g key={point.point.mergeId} transform={`translate(${left} ${top})`} data-compared={point.point.mergeId}>
                {active && <circle className="ring" r={9} />}
                <path className={id} d={COMPARISON_PATHS[id]} />
              </g>
            );
          })}
        </g>
      ))}
      {named.map(({ id, name, x: left, y: top, label }) => (
        <text key={id} x={left + label.dx} y={top + label.dy} textAnchor={label.anchor}>
          {name}
        </text>
      ))}
    </g>
  );
}
