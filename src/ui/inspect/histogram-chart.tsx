import type { Distribution, SeenModel } from '../../store/inspect/subject.ts';
import { ModelName, modelColour, modelDash } from './models.tsx';
import { figure } from './numbers.ts';

const WIDTH = 360;
const HEIGHT = 120;

interface HistogramChartProps {
  readonly of: string;
  readonly models: readonly SeenModel[];
  readonly distributions: readonly Distribution[];
}

/** Distributions of one tensor over one range, laid over each other as lines. */
export function HistogramChart({ of, models, distributions }: HistogramChartProps) {
  const shown = distributions.flatMap(({ model, histogram }) => {
    const found = models.find(({ id }) => id === model);
    return found ? [{ model: found, histogram }] : [];
  });
  const [first] = shown;
  if (!first) return null;
  const { low, high } = first.histogram;
  const most = Math.max(1, ...shown.flatMap(({ histogram }) => [...histogram.counts]));
  const beside = shown.reduce((sum, { histogram: { below, above } }) => sum + below + above, 0);
  const zero = (-low / (high - low)) * WIDTH;
  const path = (counts: Float64Array) => {
    const width = WIDTH / counts.length;
    const y = (count: number) => (HEIGHT - 1 - (count / most) * (HEIGHT - 8)).toFixed(1);
    return [...counts]
      .map((count, i) => `${i === 0 ? 'M0,' : 'V'}${y(count)}H${((i + 1) * width).toFixed(1)}`)
      .join('');
  };
  const words = shown
    .map(
      ({ model, histogram: { counts } }) =>
        `${model.name}: most in one of ${counts.length} bins ${Math.max(...counts)}`,
    )
    .join('; ');
  return (
    <figure className="inspect-figure">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${of}. ${words}`}>
        <line className="axis" x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {zero > 0 && zero < WIDTH && <line className="axis" x1={zero} x2={zero} y1={0} y2={HEIGHT} />}
        {shown.map(({ model, histogram }) => (
          <path
            key={model.id}
            d={path(histogram.counts)}
            style={{ stroke: modelColour(model), strokeDasharray: modelDash(model) }}
          />
        ))}
      </svg>
      <figcaption className="axis-ends">
        <span>{figure(low)}</span>
        <span>{beside > 0 ? `${beside} beyond` : ''}</span>
        <span>{figure(high)}</span>
      </figcaption>
      <p className="inspect-key">
        {shown.map(({ model }) => (
          <ModelName key={model.id} model={model} />
        ))}
      </p>
    </figure>
  );
}
