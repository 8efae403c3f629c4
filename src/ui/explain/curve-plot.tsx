import { short } from '../../store/sentence.ts';
import { expertColour } from '../experts.ts';

interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  /** Expert on the card whose colour it has; ink without. */
  readonly index?: number;
}

interface CurvePlotProps {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** The step that the merge on the screen is taken from. */
  readonly at: number | undefined;
  /** What the places of the values are, where they are no steps. */
  readonly along?: 'matrices' | undefined;
}

const WIDTH = 320;
const HEIGHT = 72;

/** Lines over the method's own steps, the present one marked, or over the network's matrices. */
export function CurvePlot({ title, curves, at, along }: CurvePlotProps) {
  const all = curves.flatMap((curve) => curve.values);
  const steps = Math.max(...curves.map((curve) => curve.values.length)) - 1;
  const now = at === undefined || along ? undefined : Math.min(at, steps);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (step: number) => (steps === 0 ? 0 : (step / steps) * WIDTH);
  const y = (value: number) => HEIGHT - 4 - ((value - low) / (high - low || 1)) * (HEIGHT - 8);
  const words = `${title} over ${along ? `${steps + 1} matrices` : `${steps} steps`}, from ${short(low)} to ${short(high)}${now === undefined ? '' : `, now at step ${now}`}`;
  return (
    <figure className="curve-plot">
      <figcaption>
        {title} <span>{`${short(low)} – ${short(high)}`}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words} preserveAspectRatio="none">
        <line className="floor" x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {now !== undefined && <line className="now" x1={x(now)} x2={x(now)} y1={0} y2={HEIGHT} />}
        {curves.map(({ name, values, index }) => (
          <polyline
            key={name}
            points={values.map((value, step) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
            style={{ stroke: index === undefined ? 'var(--ink)' : expertColour(index) }}
          />
        ))}
      </svg>
      <p>
        <span>{along ? 'first matrix' : 'step 0'}</span>
        {now !== undefined && <span>now {now}</span>}
        <span>{along ? `last of ${steps + 1}` : steps}</span>
      </p>
    </figure>
  );
}
