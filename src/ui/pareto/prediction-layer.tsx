import { predictedPlace } from '../../store/foretold.ts';
import { useStudio } from '../../store/studio.ts';
import { usePlace } from './use-place.ts';
import type { Plot } from './use-plot.ts';

/** Where merges were predicted before they were measured: hollow, and joined to where they came out. */
export function PredictionLayer({ plot }: { readonly plot: Plot }) {
  const place = usePlace();
  const predictions = useStudio((state) => state.predictions);
  const plan = useStudio((state) => state.plan);
  if (!place || plot.split !== 'calibration') return null;
  const measured = new Map(plot.drawn.filter(({ own }) => own).map((each) => [each.point.mergeId, each]));
  const waiting = plan?.comparison ? [] : (plan?.ids.filter((id) => !measured.has(id)) ?? []);
  const ids = [...measured.keys(), ...waiting].filter((id) => predictions[id]);
  return (
    <g className="predictions" pointerEvents="none">
      {ids.map((id) => {
        const predicted = predictedPlace(predictions, id, plot.goals);
        if (!predicted) return null;
        const [x, y] = place.at(...predicted);
        const point = measured.get(id);
        const [toX, toY] = point ? place.at(point.x, point.y) : [x, y];
        return (
          <g key={id} data-predicted={id}>
            <line x1={x} y1={y} x2={toX} y2={toY} />
            <circle cx={x} cy={y} r={3} />
          </g>
        );
      })}
    </g>
  );
}
