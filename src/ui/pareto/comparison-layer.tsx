import { useContext } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import { COMPARISON_PATHS } from './comparison-mark.tsx';
import { HoverContext } from './hover.ts';
import { placeLabels } from './labels.ts';
import { LETTER, marksOf } from './reference-layer.tsx';
import { usePlace } from './use-place.ts';
import { type Plot, reaches, useFront } from './use-plot.ts';

/** The measured comparisons, each with its own stroke, or a line where one merge leads to the next, and its name. */
export function ComparisonLayer({ plot }: { readonly plot: Plot }) {
  const place = usePlace();
  const front = useFront();
  const { target } = useContext(HoverContext);
  const { compared, references, x, y } = plot;
  if (!place || compared.length === 0) return null;
  const sets = compared.map((set) => ({
    ...set,
    inside: set.points.filter((point) => reaches(x, point.x) && reaches(y, point.y)),
  }));
  const at = (point: PlotPoint) => place.at(point.x, point.y);
  const own = plot.drawn.filter((point) => point.own).map(at);
  const line = front.map((predicted) => place.at(predicted.x, predicted.y));
  const stations = marksOf(references, place);
  const named = sets.flatMap(({ id, name, inside }) => {
    const others = sets.filter((other) => other.id !== id).flatMap((other) => other.inside.map(at));
    const anchor = loneliest(inside.map(at), [
      ...own,
      ...others,
      ...line,
      ...stations.map((mark) => [mark.x, mark.y] as const),
    ]);
    return anchor ? [{ id, name, x: anchor[0], y: anchor[1], width: name.length * LETTER }] : [];
  });
  // The names of the references stand already.
  const labels = placeLabels([...stations, ...named], place.area).slice(references.length);
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
      {named.map(({ id, name, x: left, y: top }, i) => {
        const label = labels[i];
        return (
          label && (
            <text key={id} x={left + label.dx} y={top + label.dy} textAnchor={label.anchor}>
              {name}
            </text>
          )
        );
      })}
    </g>
  );
}

type Pixel = readonly [number, number];

/** The place farthest from the others, for a name to stand at. */
function loneliest(places: readonly Pixel[], others: readonly Pixel[]): Pixel | undefined {
  const room = ([x, y]: Pixel) => Math.min(...others.map(([left, top]) => Math.hypot(left - x, top - y)));
  const rooms = places.map(room);
  return places[rooms.indexOf(Math.max(...rooms))];
}
