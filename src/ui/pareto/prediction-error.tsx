import { predictedPlace, predictionError } from '../../store/foretold.ts';
import { measuredValue, type Pair, type Split } from '../../store/plotted.ts';
import { selectStudy } from '../../store/selectors.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';

/** 0.012 → "+1.2" points */
const signed = (share: number) => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;

interface ForetoldProps {
  readonly point: ParetoPoint;
  readonly pair: Pair;
  readonly split: Split;
}

/** What was predicted of a measured merge, and by how much it came out better; predictions are about calibration only. */
export function Foretold({ point, pair, split }: ForetoldProps) {
  const predictions = useStudio((state) => state.predictions);
  const predicted = split === 'calibration' ? predictedPlace(predictions, point.mergeId, pair) : undefined;
  if (!predicted) return null;
  const off = predicted.map((value, i) => (measuredValue(point, split, pair[i] ?? '') ?? value) - value);
  return (
    <span className="faint">
      {' · '}
      <i>{predicted.map(percent).join(' · ')}</i> predicted before, off by {off.map(signed).join(' · ')}
    </span>
  );
}

/** How far predictions were off that were measured afterwards: the surrogates' error where it matters, at the front. */
export function PredictionError({ tasks }: { readonly tasks: readonly string[] }) {
  const study = useStudio(selectStudy);
  const text = useStudio(({ points, predictions }) => {
    const own = points.filter((point) => point.study === study);
    const error = predictionError(own, predictions, tasks);
    return error && `${error.merges} predicted, then measured: off by ${percent(error.mean)} points on average`;
  });
  return text ? (
    <span title="Mean over these merges and tasks of |measured − predicted|, calibration split">{text}</span>
  ) : null;
}
