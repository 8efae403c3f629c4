import { useContext } from 'react';
import { selectKeeper } from '../../store/kept.ts';
import { selectPairGoals } from '../../store/objectives.ts';
import { useStudio } from '../../store/studio.ts';
import { runsOf } from './front-runs.ts';
import { HoverContext } from './hover.ts';
import { FRONT_NAME, usePlotNames } from './plot-names.ts';
import { type Place, usePlace } from './use-place.ts';
import { type Predicted, useFront } from './use-plot.ts';

/** The predicted front: dashed, because it is an estimate; grey where limits leave it out. */
export function FrontLayer() {
  const place = usePlace();
  const front = useFront();
  const goals = useStudio(selectPairGoals);
  const keeper = useStudio(selectKeeper);
  const { target } = useContext(HoverContext);
  const { front: name } = usePlotNames();
  if (!place || front.length < 2) return null;
  // From left to right on the screen, whichever way the axis runs.
  const sorted = [...front].sort((a, b) => place.at(a.x, a.y)[0] - place.at(b.x, b.y)[0]);
  const keeps = ({ coefficients, x, y }: Predicted) => {
    const values = goals.map(({ objective }, m) => [objective.id, m === 0 ? x : y] as const);
    return keeper?.predicted(coefficients, Object.fromEntries(values)) ?? true;
  };
  const runs = runsOf(sorted, keeps).map(({ kept, points }) => ({ kept, d: pathOf(points, place) }));
  const hovered = target?.kind === 'predicted' ? place.at(target.predicted.x, target.predicted.y) : undefined;
  return (
    <g className="front" pointerEvents="none" data-front={front.length}>
      {runs.map(({ kept, d }) => (
        <path key={d} className={kept ? undefined : 'out'} d={d} />
      ))}
      {hovered && <circle className="hovered" cx={hovered[0]} cy={hovered[1]} r={5} />}
      {name && (
        <text x={name.x + name.label.dx} y={name.y + name.label.dy} textAnchor={name.label.anchor}>
          {FRONT_NAME}
        </text>
      )}
    </g>
  );
}

function pathOf(points: readonly Predicted[], place: Place): string {
  const corners = points.map(({ x, y }) => place.at(x, y));
  return `M${corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`;
}
