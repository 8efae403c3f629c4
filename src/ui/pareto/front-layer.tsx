import { useContext } from 'react';
import { HoverContext } from './hover.ts';
import { usePlace } from './use-place.ts';
import { useFront } from './use-plot.ts';

/** Pixels that the name of the line takes. */
const LABEL_WIDTH = 160;
/** Share of the line that lies left of its name. */
const LABEL_PLACE = 0.25;

/** The predicted front: dashed, because it is an estimate. */
export function FrontLayer() {
  const place = usePlace();
  const front = useFront();
  const { target } = useContext(HoverContext);
  if (!place || front.length < 2) return null;
  // From left to right on the screen, whichever way the axis runs.
  const line = front.map(({ x, y }) => place.at(x, y)).sort(([a], [b]) => a - b);
  // The ends lie near the experts, which have names of their own.
  const [left, right] = [line[0]?.[0] ?? 0, line.at(-1)?.[0] ?? 0];
  const [labelX, labelY] = line.find(([x]) => x >= left + LABEL_PLACE * (right - left)) ?? [0, 0];
  const room = place.area.x + place.area.width - labelX;
  const hovered = target?.kind === 'predicted' ? place.at(target.predicted.x, target.predicted.y) : undefined;
  return (
    <g className="front" pointerEvents="none" data-front={front.length}>
      <path d={`M${line.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`} />
      {hovered && <circle className="hovered" cx={hovered[0]} cy={hovered[1]} r={5} />}
      <text x={labelX} y={labelY - 7} textAnchor={room < LABEL_WIDTH ? 'end' : 'start'}>
        predicted front (estimated)
      </text>
    </g>
  );
}
