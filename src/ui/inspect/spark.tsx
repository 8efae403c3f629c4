import type { SeenModel, TensorStats } from '../../store/inspect/subject.ts';
import { modelColour } from './models.tsx';
import { figure } from './numbers.ts';

const WIDTH = 72;
const HEIGHT = 24;

/** Least and largest value along the tensor, in stretches of equal length. */
export function Spark({ stats, model }: { readonly stats: TensorStats; readonly model: SeenModel }) {
  const { least, most } = stats.envelope;
  const [low, high] = [Math.min(stats.least, 0), Math.max(stats.most, 0)];
  const y = (value: number) => (high > low ? ((high - value) / (high - low)) * (HEIGHT - 2) + 1 : HEIGHT / 2);
  const x = (i: number) => ((i + 0.5) / least.length) * WIDTH;
  const upper = [...most].map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  const lower = [...least].map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).reverse();
  const drawn = [...upper, ...lower].filter((point) => !point.includes('NaN'));
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`from ${figure(stats.least)} to ${figure(stats.most)}`}
    >
      <line x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} />
      <polygon points={drawn.join(' ')} style={{ fill: modelColour(model), stroke: modelColour(model) }} />
    </svg>
  );
}
