import { useDeferredValue, useEffect, useId, useState } from 'react';
import { accuracyIn, errorOf, errorOfTensor, type Spectra } from '../../store/inspect/lora.ts';
import type { Behaviour, LoraQuestions, SeenModel, Subject } from '../../store/inspect/subject.ts';
import { percent } from '../charts/format.ts';
import { save } from '../save.ts';
import { SampleChooser } from './alignment.tsx';
import { ModelChooser } from './models.tsx';
import { grouped, shapeText } from './numbers.ts';
import { Part } from './part.tsx';
import { useAnswer } from './use-answer.ts';

interface LoraProps {
  readonly subject: Subject;
  readonly lora: LoraQuestions;
  readonly behaviour: Behaviour;
  readonly models: readonly SeenModel[];
}

const WIDTH = 360;
const HEIGHT = 120;
const FIRST_RANK = 4;
/** The networks run when the slider has rested so long, in ms. */
const SETTLED = 250;
const BYTES = 4;

const share = (value: number): string => `${(100 * value).toFixed(value < 0.01 ? 2 : 1)} %`;
const kilobytes = (bytes: number): string => `${grouped(Math.max(1, Math.round(bytes / 1000)))} kB`;
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Bytes in float32 of both factors of every matrix. */
const adapterBytes = ({ held }: Spectra, rank: number): number =>
  held.reduce((total, { shape, values }) => {
    const rows = shape[0] ?? 1;
    return total + BYTES * Math.min(rank, values.length) * (rows + sizeOf(shape) / rows);
  }, 0);

/** The change of a network as an adapter of a chosen rank: what is lost, what it scores, and its files. */
export function Lora({ subject, lora, behaviour, models }: LoraProps) {
  const changed = models.filter(({ role }) => role !== 'base');
  const [chosen, setModel] = useState<string>();
  const model = changed.find(({ id }) => id === chosen) ?? changed.find(({ role }) => role === 'merge') ?? changed[0];
  const { value, fresh, failure } = useAnswer(model ? `${subject.key} ${model.id}` : null, () =>
    lora.spectra(model?.id ?? ''),
  );
  if (!model) return null;
  return (
    <>
      <div className="inspect-tools">
        <ModelChooser label="change of" models={changed} value={model.id} onChoose={setModel} />
      </div>
      {failure !== undefined && <p role="alert">{failure}</p>}
      {!value && failure === undefined && <p className="inspect-empty">Decomposing every changed matrix …</p>}
      {value && (
        <div className="inspect-parts" data-fresh={fresh}>
          <Ranked key={model.id} spectra={value} lora={lora} behaviour={behaviour} model={model} subject={subject} />
        </div>
      )}
    </>
  );
}

interface RankedProps extends Omit<LoraProps, 'models'> {
  readonly spectra: Spectra;
  readonly model: SeenModel;
}

function Ranked({ spectra, lora, behaviour, model, subject }: RankedProps) {
  const id = useId();
  const most = Math.max(1, ...spectra.held.map(({ values }) => values.length));
  const [wanted, setRank] = useState(FIRST_RANK);
  const rank = Math.min(wanted, most);
  const all = [...spectra.held, ...spectra.left];
  const error = errorOf(all, rank);
  const matrices = errorOf(spectra.held, rank);
  if (all.length === 0) return <p className="inspect-empty">{model.name} does not differ from the base.</p>;
  return (
    <>
      <Part
        title="As a LoRA"
        note="‖ΔW − BA‖ ÷ ‖ΔW‖ from the singular values of every changed matrix, all computed. The dashed line is what no rank can carry: biases, norms and tables."
      >
        <div className="kept-density">
          <label htmlFor={id}>rank</label>
          <input
            id={id}
            className="inspect-range"
            type="range"
            min={1}
            max={most}
            step={1}
            value={rank}
            onChange={(event) => setRank(Number(event.target.value))}
          />
          <output htmlFor={id}>{rank}</output>
        </div>
        <ErrorCurve spectra={spectra} rank={rank} most={most} />
        <p data-rank={rank} data-error={error} data-matrices={matrices}>
          At rank {rank} the adapter misses <b>{share(error)}</b> of the whole change ({share(matrices)} of the change
          of its matrices). It takes {kilobytes(adapterBytes(spectra, rank))}; the full change takes{' '}
          {kilobytes(BYTES * all.reduce((total, { shape }) => total + sizeOf(shape), 0))}.
        </p>
        <Downloads lora={lora} model={model} rank={rank} />
      </Part>
      <Accuracies lora={lora} behaviour={behaviour} model={model} rank={rank} subject={subject} />
      <Tensors spectra={spectra} rank={rank} />
    </>
  );
}

function ErrorCurve({
  spectra,
  rank,
  most,
}: {
  readonly spectra: Spectra;
  readonly rank: number;
  readonly most: number;
}) {
  const all = [...spectra.held, ...spectra.left];
  const x = (r: number) => 4 + (r / most) * (WIDTH - 8);
  const y = (error: number) => HEIGHT - 4 - error * (HEIGHT - 10);
  const points = Array.from({ length: most + 1 }, (_, r) => `${x(r).toFixed(1)},${y(errorOf(all, r)).toFixed(1)}`);
  const floor = errorOf(all, most);
  const now = errorOf(all, rank);
  return (
    <figure className="inspect-figure">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Error by rank: ${share(errorOf(all, 1))} at rank 1, ${share(now)} at rank ${rank}, ${share(floor)} at rank ${most}.`}
      >
        <line className="axis" x1={0} x2={WIDTH} y1={HEIGHT - 4} y2={HEIGHT - 4} />
        <line className="axis" strokeDasharray="3 3" x1={0} x2={WIDTH} y1={y(floor)} y2={y(floor)} />
        <g className="ink-line">
          <polyline points={points.join(' ')} />
          <circle cx={x(rank)} cy={y(now)} r={4} />
        </g>
      </svg>
      <figcaption className="axis-ends">
        <span>rank 0: 100 %</span>
        <span>
          rank {most}: {share(floor)}
        </span>
      </figcaption>
    </figure>
  );
}

function Downloads({
  lora,
  model,
  rank,
}: {
  readonly lora: LoraQuestions;
  readonly model: SeenModel;
  readonly rank: number;
}) {
  const [failure, setFailure] = useState('');
  const name = model.id.replace(/[^\w-]/g, '-');
  const take = async (file: string, make: () => Promise<Uint8Array>) => {
    setFailure('');
    try {
      save(file, new Blob([new Uint8Array(await make())]));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  const adapter = () => lora.files(model.id, rank);
  return (
    <div className="inspect-tools">
      <button type="button" className="plain" onClick={() => void take(`${name}-lora-r${rank}.zip`, adapter)}>
        Download the adapter (.zip)
      </button>
      <button
        type="button"
        className="plain"
        onClick={() => void take(`${name}.safetensors`, () => lora.network(model.id))}
      >
        Download the network (.safetensors)
      </button>
      {failure !== '' && <span role="alert">{failure}</span>}
    </div>
  );
}

interface AccuraciesProps extends Omit<RankedProps, 'spectra'> {
  readonly rank: number;
}

function Accuracies({ lora, behaviour, model, rank, subject }: AccuraciesProps) {
  const [asked, setCount] = useState(0);
  const count = behaviour.samples.includes(asked) ? asked : (behaviour.samples[0] ?? 0);
  const settled = useSettled(useDeferredValue(rank));
  const question = `${subject.key} ${model.id} ${count}`;
  const whole = useAnswer(question, () => behaviour.score({ [model.id]: 1 }, count, () => true));
  const low = useAnswer(`${question} ${settled}`, () => lora.score(model.id, settled, count, () => true));
  const cell = (scores: Parameters<typeof accuracyIn>[0], task: string) => {
    const accuracy = accuracyIn(scores, task);
    return accuracy === undefined ? '–' : `${percent(accuracy)} %`;
  };
  const failure = whole.failure ?? low.failure;
  return (
    <Part title="What it scores" note={`Each network is run on the first ${count} test samples of every task.`}>
      <div className="inspect-tools">
        <SampleChooser samples={behaviour.samples} value={count} onChoose={setCount} />
      </div>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <table className="lora-table" data-measured={low.fresh && whole.fresh && settled === rank}>
        <thead>
          <tr>
            <th scope="col">task</th>
            <th scope="col">base + LoRA, rank {settled}</th>
            <th scope="col">{model.name}</th>
          </tr>
        </thead>
        <tbody>
          {behaviour.tasks.map(({ id, name }) => (
            <tr key={id} data-task={id}>
              <th scope="row">{name}</th>
              <td>{cell(low.fresh ? low.value : undefined, id)}</td>
              <td>{cell(whole.fresh ? whole.value : undefined, id)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function useSettled(value: number): number {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function Tensors({ spectra: { held, left }, rank }: { readonly spectra: Spectra; readonly rank: number }) {
  const whole = [...held, ...left].reduce((total, { energy }) => total + energy, 0);
  return (
    <Part
      title="Tensor by tensor"
      note={`${held.length} matrices are in the adapter; ${left.length} changed tensors are not, with ${share(left.reduce((total, { energy }) => total + energy, 0) / whole)} of the squared change.`}
    >
      <div>
        <table className="lora-table">
          <thead>
            <tr>
              <th scope="col">tensor</th>
              <th scope="col">shape</th>
              <th scope="col">error</th>
            </tr>
          </thead>
          <tbody>
            {[...held, ...left].map((tensor) => (
              <tr key={tensor.name} data-lora={tensor.name}>
                <th scope="row">{tensor.name}</th>
                <td>{shapeText(tensor.shape)}</td>
                <td>{tensor.values.length === 0 ? 'left out' : share(errorOfTensor(tensor, rank))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}
