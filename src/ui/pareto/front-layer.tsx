import { useContext } from 'react';
import { selectKeeper } from '../../store/kept.ts';
import type { Pair } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { runsOf } from './front-runs.ts';
import { HoverContext } from './hover.ts';
import { type Place, usePlace } from './use-place.ts';
import { type Predicted, useFront } from './use-plot.ts';

/** Pixels that the name of the line takes. */
const LABEL_WIDTH = 160;
/** Share of the line that lies left of its name. */
const LABEL_PLACE = 0.25;

/** The predicted front: dashed, because it is an estimate; grey where limits leave it out. */
export function FrontLayer({ pair }: { readonly pair: Pair }) {
  const place = usePlace();
  const front = useFront();
  const keeper = useStudio(selectKeeper);
  const { target } = useContext(HoverContext);
  if (!place || front.length < 2) return null;
  const sorted = [...front].sort((a, b) => a.x - b.x);
  const line = sorted.map(({ x, y }) => place.at(x, y));
  const keeps = ({ coefficients, x, y }: Predicted) =>
    keeper?.predicted(coefficients, { [pair[0]]: x, [pair[1]]: y }) ?? true;
  const runs = runsOf(sorted, keeps).map(({ kept, points }) => ({ kept, d: pathOf(points, place) }));
  // The ends lie near the experts, which have names of their own.
  const [left, right] = [line[0]?.[0] ?? 0, line.at(-1)?.[0] ?? 0];
  const [labelX, labelY] = line.find(([x]) => x >= left + LABEL_PLACE * (right - left)) ?? [0, 0];
  const room = place.area.x + place.area.width - labelX;
  const hovered = target?.kind === 'predicted' ? place.at(target.predicted.x, target.predicted.y) : undefined;
  return (
    <g className="front" pointerEvents="none" data-front={front.length}>
      {runs.map(({ kept, d }) => (
        <path key={d} className={kept ? undefined : 'out'} d={d} />
      ))}
      {hovered && <circle className="hovered" cx={hovered[0]} cy={hovered[1]} r={5} />}
      <text x={labelX} y={labelY - 7} textAnchor={room < LABEL_WIDTH ? 'end' : 'start'}>
        predicted front (estimated)
      </text>
    </g>
  );
}

function pathOf(points: readonly Predicted[], place: Place): string {
  const corners = points.map(({ x, y }) => place.at(x, y));
  return `M${corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`;
}
