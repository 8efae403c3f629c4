import type { MatrixSpectrum, SeenModel } from '../../store/inspect/subject.ts';
import { ModelName, modelColour, modelDash } from './models.tsx';
import { figure } from './numbers.ts';

const WIDTH = 360;
const HEIGHT = 140;
/** Singular values below this part of the largest are drawn on the floor. */
const DECADES = 4;

interface SpectrumChartProps {
  readonly models: readonly SeenModel[];
  readonly spectra: readonly MatrixSpectrum[];
}

/** Singular values on a logarithmic scale, and how many directions count. */
export function SpectrumChart({ models, spectra }: SpectrumChartProps) {
  const shown = spectra.flatMap((spectrum) => {
    const model = models.find(({ id }) => id === spectrum.model);
    return model ? [{ model, spectrum }] : [];
  });
  const top = Math.max(...shown.map(({ spectrum }) => spectrum.values[0] ?? 0));
  const y = (value: number) => {
    const down = value > 0 ? -Math.log10(value / top) / DECADES : 1;
    return 4 + Math.min(1, down) * (HEIGHT - 8);
  };
  const points = (values: Float64Array) =>
    [...values]
      .map((value, i) => `${((i / Math.max(1, values.length - 1)) * WIDTH).toFixed(1)},${y(value).toFixed(1)}`)
      .join(' ');
  if (!(top > 0)) return <p className="inspect-empty">All of its singular values are 0.</p>;
  return (
    <figure className="inspect-figure">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Singular values from ${figure(top)} down, by model; their ranks stand in the table below.`}
      >
        {[1, 2, 3].map((decade) => (
          <line key={decade} className="axis" x1={0} x2={WIDTH} y1={y(top / 10 ** decade)} y2={y(top / 10 ** decade)} />
        ))}
        {shown.map(({ model, spectrum }) => (
          <polyline
            key={`${model.id} ${spectrum.of}`}
            points={points(spectrum.values)}
            style={{
              stroke: modelColour(model),
              strokeDasharray:
                spectrum.of === 'weights' ? modelDash(model) : model.role === 'merge' ? '1 2' : undefined,
            }}
          />
        ))}
      </svg>
      <figcaption className="axis-ends">
        <span>σ₁, at most {figure(top)}</span>
        <span>{DECADES} decades down</span>
        <span>σ{shown[0]?.spectrum.values.length}</span>
      </figcaption>
      <table className="inspect-table">
        <thead>
          <tr>
            <th scope="col">singular values of</th>
            <th scope="col">σ₁</th>
            <th scope="col" title="‖X‖² ÷ σ₁²">
              stable rank
            </th>
            <th scope="col" title="exp of the entropy of σ ÷ Σσ (Roy &amp; Vetterli 2007)">
              effective rank
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ model, spectrum }) => (
            <tr key={`${model.id} ${spectrum.of}`} data-spectrum={`${model.id} ${spectrum.of}`}>
              <th scope="row">
                <ModelName model={model} />
                {spectrum.of === 'change' && <span className="muted"> change</span>}
              </th>
              <td>{figure(spectrum.values[0] ?? 0)}</td>
              <td>{spectrum.stableRank.toFixed(1)}</td>
              <td>{spectrum.effectiveRank.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
