import { changeOf, type LayerGroup } from '../../store/inspect/cosines.ts';
import type { SeenModel } from '../../store/inspect/subject.ts';
import { AxisTicks } from './axis-ticks.tsx';
import { ModelMark, ModelName, modelColour, modelDash } from './models.tsx';
import { figure } from './numbers.ts';
import { ticksOver } from './ticks.ts';

const WIDTH = 360;
const HEIGHT = 120;
/** More layers than this are named only here and there. */
const MOST_NAMES = 8;

interface DepthChartProps {
  readonly layers: readonly LayerGroup[];
  readonly models: readonly SeenModel[];
}

/** How far each model is from the base, layer by layer. */
export function DepthChart({ layers, models }: DepthChartProps) {
  const lines = models.flatMap((model, i) =>
    model.role === 'base'
      ? []
      : [{ model, values: layers.map(({ tensors }) => changeOf(tensors, models, i)?.relative ?? Number.NaN) }],
  );
  const most = Math.max(...lines.flatMap(({ values }) => values.filter(Number.isFinite)), 0);
  if (!(most > 0)) return <p className="inspect-empty">No model differs from the base.</p>;
  const x = (i: number) => 6 + (layers.length > 1 ? i / (layers.length - 1) : 0.5) * (WIDTH - 12);
  const ticks = ticksOver(0, most);
  const y = (value: number) => HEIGHT - 8 - (value / (ticks.at(-1) ?? most)) * (HEIGHT - 16);
  const step = Math.ceil(layers.length / MOST_NAMES);
  return (
    <figure className="inspect-figure axis-figure">
      <AxisTicks ticks={ticks.map((value) => ({ at: y(value) / HEIGHT, text: String(value) }))} />
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label="Change by layer; the numbers stand in the table below."
      >
        {ticks.map((value) => (
          <line key={value} className="axis" x1={0} x2={WIDTH} y1={y(value)} y2={y(value)} />
        ))}
        {lines.map(({ model, values }) => (
          <g key={model.id} style={{ stroke: modelColour(model), fill: modelColour(model) }}>
            <polyline
              points={values
                .flatMap((value, i) => (Number.isFinite(value) ? `${x(i)},${y(value).toFixed(1)}` : []))
                .join(' ')}
              style={{ strokeDasharray: modelDash(model) }}
            />
            {values.map((value, i) =>
              Number.isFinite(value) ? <circle key={layers[i]?.name} cx={x(i)} cy={y(value)} r={2} /> : null,
            )}
          </g>
        ))}
      </svg>
      <figcaption className="axis-names">
        {layers.map(({ name }, i) => (
          <span key={name}>{i % step === 0 || i === layers.length - 1 ? name : ''}</span>
        ))}
      </figcaption>
      <table className="inspect-table depth-table">
        <thead>
          <tr>
            <th scope="col">layer</th>
            {lines.map(({ model }) => (
              <th key={model.id} scope="col" title={model.name}>
                <ModelMark model={model} />
                <span className="unseen">{model.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {layers.map(({ name }, i) => (
            <tr key={name} data-layer={name}>
              <th scope="row">{name}</th>
              {lines.map(({ model, values }) => (
                <td key={model.id} data-value={values[i]}>
                  {figure(values[i] ?? Number.NaN)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="inspect-key">
        {lines.map(({ model }) => (
          <ModelName key={model.id} model={model} />
        ))}
      </p>
    </figure>
  );
}
