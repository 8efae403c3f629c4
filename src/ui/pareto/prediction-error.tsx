import { predictedPlace, predictionError } from '../../store/foretold.ts';
import { type Goal, selectPairGoals } from '../../store/objectives.ts';
import { measuredIn, type Split } from '../../store/plotted.ts';
import { selectStudy } from '../../store/selectors.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { valueText } from './units.ts';

interface ForetoldProps {
  readonly point: ParetoPoint;
  readonly split: Split;
}

/** What was predicted of a measured merge, and how it came out instead; predictions are about calibration only. */
export function Foretold({ point, split }: ForetoldProps) {
  const predictions = useStudio((state) => state.predictions);
  const goals = useStudio(selectPairGoals);
  const predicted = split === 'calibration' ? predictedPlace(predictions, point.mergeId, goals) : undefined;
  if (!predicted) return null;
  const text = (values: readonly number[]) =>
    values.map((value, i) => valueText(goals[i]?.unit ?? 'share', value)).join(' · ');
  const off = measuredIn(point, split, goals).map((value, i) => (value ?? Number.NaN) - (predicted[i] ?? 0));
  const signed = off.map((value, i) => `${value < 0 ? '−' : '+'}${text(off.map(Math.abs)).split(' · ')[i] ?? ''}`);
  return (
    <span className="faint">
      {' · '}
      <i>{text(predicted)}</i> predicted before, off by {signed.join(' · ')}
    </span>
  );
}

/** How far predictions were off that were measured afterwards: the surrogates' error where it matters, at the front. */
export function PredictionError({ goals }: { readonly goals: readonly Goal[] }) {
  const study = useStudio(selectStudy);
  const [first] = goals;
  const unit = first && goals.every((goal) => goal.unit === first.unit) ? first.unit : undefined;
  const text = useStudio(({ points, predictions }) => {
    // A mean over values of several units would say nothing.
    if (!unit) return undefined;
    const own = points.filter((point) => point.study === study);
    const error = predictionError(own, predictions, goals);
    const sign = unit === 'share' ? ' points' : unit === 'nats' ? ' nats' : '';
    return error && `${error.merges} predicted, then measured: off by ${valueText(unit, error.mean)}${sign} on average`;
  });
  return text ? (
    <span title="Mean over these merges and goals of |measured − predicted|, calibration split">{text}</span>
  ) : null;
}
