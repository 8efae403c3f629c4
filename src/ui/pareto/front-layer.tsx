import { useContext } from 'react';
import { selectKeeper } from '../../store/kept.ts';
import { selectPairGoals } from '../../store/objectives.ts';
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
export function FrontLayer() {
  const place = usePlace();
  const front = useFront();
  const goals = useStudio(selectPairGoals);
  const keeper = useStudio(selectKeeper);
  const { target } = useContext(HoverContext);
  if (!place || front.length < 2) return null;
  // From left to right on the screen, whichever way the axis runs.
  const sorted = [...front].sort((a, b) => place.at(a.x, a.y)[0] - place.at(b.x, b.y)[0]);
  const line = sorted.map(({ x, y }) => place.at(x, y));
  const keeps = ({ coefficients, x, y }: Predicted) => {
    const values = goals.map(({ objective }, m) => [objective.id, m === 0 ? x : y] as const);
    return keeper?.predicted(coefficients, Object.fromEntries(values)) ?? true;
  };
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
