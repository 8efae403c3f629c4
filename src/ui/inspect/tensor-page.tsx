import { useState } from 'react';
import { grouped, shapeInWords } from '../../formats/in-words.ts';
import { cosineMatrix, type Kind } from '../../store/inspect/cosines.ts';
import type { SeenModel, Subject, Survey, TensorSurvey } from '../../store/inspect/subject.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Icon } from '../icons.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { KeptPart } from './kept.tsx';
import { MatrixTable } from './matrix-table.tsx';
import { ModelName } from './models.tsx';
import { figure } from './numbers.ts';
import { Part } from './part.tsx';
import { PixelCanvas, pixelWords } from './pixel-canvas.tsx';
import { SpectrumChart } from './spectrum-chart.tsx';
import { useAnswer } from './use-answer.ts';

interface TensorPageProps {
  readonly subject: Subject;
  readonly survey: Survey;
  readonly tensor: TensorSurvey;
  readonly onBack: () => void;
}

/** One tensor in all models. */
export function TensorPage({ subject, survey, tensor, onBack }: TensorPageProps) {
  const { name, shape, dtype } = tensor.tensor;
  const { value: page, fresh, failure } = useAnswer(`${subject.key} ${name}`, () => subject.page(name));
  const shown = page?.name === name ? page : undefined;
  const { models } = survey;
  return (
    <div className="tensor-page" data-fresh={fresh}>
      <header>
        <button type="button" className="flat" onClick={onBack}>
          <Icon name="left" size={14} /> All tensors
        </button>
        <h3 className="tensor-title">{name}</h3>
        <p className="hint">
          {shapeInWords(shape)}
          {dtype && ` · ${dtype}`} · {grouped(shape.reduce((product, side) => product * side, 1))} weights
        </p>
      </header>
      <div className="inspect-parts">
        <Part title="In numbers" note="From every entry; sums in float64.">
          <Figures models={models} tensor={tensor} />
        </Part>
        {failure !== undefined && <p role="alert">{failure}</p>}
        {shown && (
          <>
            {shown.changes.length > 0 && (
              <Part title="Changes from the base" note="Every entry counted, in 64 bins over mean ± 4 σ of all.">
                <HistogramChart of="Distribution of θ − θ₀" models={models} distributions={shown.changes} />
              </Part>
            )}
            <Part title="Weights" note="Every entry counted, in the same way.">
              <HistogramChart of="Distribution of the weights" models={models} distributions={shown.weights} />
            </Part>
            {shown.signs && (
              <Part
                title="Do the experts pull the same way?"
                note={`${pixelWords(shown.signs.agreement)} Ink: all experts change the weight in one direction. Paper: half of them pull against the other half.`}
              >
                <PixelCanvas
                  map={shown.signs.agreement}
                  range={[0.5, 1]}
                  label={`Agreement of signs in ${name}: mean ${(100 * shown.signs.mean).toFixed(0)} %`}
                />
                <p data-conflicts={shown.signs.conflicts}>
                  In <b>{(100 * shown.signs.conflicts).toFixed(1)} %</b> of the entries at least two of{' '}
                  {shown.signs.experts.length} experts pull in opposite directions; on average{' '}
                  {(100 * shown.signs.mean).toFixed(0)} % of them agree.
                </p>
              </Part>
            )}
            <KeptPart subject={subject} tensor={name} models={models} />
            <Cosines tensor={tensor} models={models} />
            {shown.spectra !== null && (
              <Part title="Singular values" note="Exact, in float64. A dotted line is the merge’s change.">
                {typeof shown.spectra === 'string' ? (
                  <p className="inspect-empty">{shown.spectra}</p>
                ) : (
                  <SpectrumChart models={models} spectra={shown.spectra} />
                )}
              </Part>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Cosines({ tensor, models }: { readonly tensor: TensorSurvey; readonly models: readonly SeenModel[] }) {
  const [kind, setKind] = useState<Kind>(tensor.changes ? 'changes' : 'weights');
  const matrix = cosineMatrix([tensor], models, kind);
  if (matrix.models.length < 2) return null;
  return (
    <Part title="Cosines in this tensor" note="Exact. 0 means independent, 1 the same direction, below 0 opposed.">
      <KindSwitch kind={kind} onChoose={setKind} />
      <MatrixTable caption={`Cosines of ${kind} in ${tensor.tensor.name}`} {...matrix} />
    </Part>
  );
}

export function KindSwitch({ kind, onChoose }: { readonly kind: Kind; readonly onChoose: (kind: Kind) => void }) {
  return (
    <Segmented
      label="What is compared"
      options={[
        { value: 'changes', name: 'Changes', help: 'Task vectors θ − θ₀' },
        { value: 'weights', name: 'Weights', help: 'The weights themselves' },
      ]}
      value={kind}
      onChoose={onChoose}
    />
  );
}

function Figures({ models, tensor }: { readonly models: readonly SeenModel[]; readonly tensor: TensorSurvey }) {
  const change = (i: number) => tensor.changes?.[i * models.length + i];
  return (
    <table className="inspect-table">
      <thead>
        <tr>
          <th scope="col">model</th>
          <th scope="col">‖θ‖</th>
          <th scope="col">‖θ − θ₀‖</th>
          <th scope="col">mean ± σ</th>
          <th scope="col">zeros</th>
        </tr>
      </thead>
      <tbody>
        {models.map((model, i) => {
          const stats = tensor.models[i];
          return (
            <tr key={model.id} data-model={model.id} data-norm={stats?.norm ?? ''} data-change={change(i) ?? ''}>
              <th scope="row">
                <ModelName model={model} />
              </th>
              <td>{stats ? figure(stats.norm) : 'not there'}</td>
              <td>{model.role === 'base' ? '–' : figure(Math.sqrt(change(i) ?? Number.NaN))}</td>
              <td>{stats ? `${figure(stats.mean)} ± ${figure(stats.deviation)}` : ''}</td>
              <td>{stats ? `${(100 * stats.zeros).toFixed(1)} %` : ''}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
