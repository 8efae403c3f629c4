import { useEffect, useId, useMemo, useState } from 'react';
import { grouped } from '../../formats/in-words.ts';
import { useLook } from '../../store/inspect/look.ts';
import { outcomeOf, resizedIn, type Spectra } from '../../store/inspect/lora.ts';
import type {
  Behaviour,
  LoraChange,
  LoraChoice,
  LoraQuestions,
  SeenModel,
  Subject,
} from '../../store/inspect/subject.ts';
import { Segmented } from '../controls/segmented.tsx';
import { LoraFiles } from './lora-files.tsx';
import { ErrorCurve, LoraTensors, share } from './lora-parts.tsx';
import { LoraScores } from './lora-scores.tsx';
import { ModelChooser } from './models.tsx';
import { Part } from './part.tsx';
import { useAnswer } from './use-answer.ts';
import './lora.css';

interface LoraProps {
  readonly subject: Subject;
  readonly lora: LoraQuestions;
  readonly behaviour: Behaviour | null;
  readonly models: readonly SeenModel[];
}

const FIRST_RANK = 4;
/** Of the ranks that can be asked for: what adapters usually have at most. */
const FIRST_MOST = 1;

/** The change of a network as an adapter of a chosen rank: what is lost, what it scores, and its files. */
export function Lora({ subject, lora, behaviour, models }: LoraProps) {
  const look = useLook();
  const { model: asked, from: origin, most: largest } = look.change;
  const changed = models.filter(({ role }) => lora.between || role !== 'base');
  const named = (id: string | undefined) => models.find((one) => one.id === id);
  const model =
    named(asked) ?? changed.find(({ role }) => role === 'merge') ?? changed.find(({ role }) => role !== 'base');
  const others = models.filter(({ id }) => id !== model?.id);
  const from = others.find(({ id }) => id === origin) ?? others.find(({ role }) => role === 'base') ?? others[0];
  const most = largest ?? lora.ranks[FIRST_MOST] ?? Number.MAX_SAFE_INTEGER;
  if (!model || !from) return <p className="inspect-empty">A change takes two models: drop another one.</p>;
  const change = { model: model.id, from: from.id, most };
  const set = (part: Partial<LoraChange>) => look.set({ change: { ...change, ...part } });
  return (
    <>
      <div className="inspect-tools">
        <ModelChooser label="change of" models={changed} value={model.id} onChoose={(id) => set({ model: id })} />
        {lora.between && (
          <ModelChooser label="from" models={others} value={from.id} onChoose={(id) => set({ from: id })} />
        )}
        {lora.ranks.length > 0 && (
          <label className="model-chooser">
            <span>ranks up to</span>
            <select value={most} onChange={(event) => set({ most: Number(event.target.value) })}>
              {lora.ranks.map((rank) => (
                <option key={rank} value={rank}>
                  {rank}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Decomposed
        key={JSON.stringify(change)}
        subject={subject}
        lora={lora}
        behaviour={behaviour}
        model={model}
        from={from}
        change={change}
      />
    </>
  );
}

interface ChangeProps extends Omit<LoraProps, 'models'> {
  readonly model: SeenModel;
  readonly from: SeenModel;
  readonly change: LoraChange;
}

/** Waits for the decomposition: at once where it is quick, else when somebody asks for it. */
function Decomposed(props: ChangeProps) {
  const { subject, lora, change } = props;
  const [isWanted, setWanted] = useState(!lora.isLong);
  const [told, setTold] = useState<{ readonly share: number; readonly doing: string }>();
  const { value, fresh, failure } = useAnswer(isWanted ? `${subject.key} ${JSON.stringify(change)}` : null, () =>
    lora.spectra(change, (done, doing) => setTold({ share: done, doing })),
  );
  // What nobody waits for any more is not computed.
  useEffect(() => lora.stop, [lora.stop]);
  const cancel = () => {
    lora.stop();
    setWanted(false);
    setTold(undefined);
  };
  if (failure !== undefined) return <p role="alert">{failure}</p>;
  if (!isWanted)
    return (
      <div className="lora-ask">
        <p>
          Both models are read, and the strongest directions of every changed matrix are computed: about a minute for
          every hundred million weights.
        </p>
        <button type="button" className="primary" onClick={() => setWanted(true)}>
          Decompose the change
        </button>
      </div>
    );
  if (!value)
    return (
      <div className="lora-ask">
        <progress aria-label="Decomposition" value={told?.share ?? 0} max={1} />
        <p className="hint doing">{told?.doing ?? 'Decomposing every changed matrix …'}</p>
        {lora.isLong && (
          <button type="button" className="plain" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    );
  return (
    <div className="inspect-parts" data-fresh={fresh}>
      <Ranked {...props} spectra={value} />
    </div>
  );
}

function Ranked({
  spectra,
  lora,
  behaviour,
  model,
  from,
  change,
  subject,
}: ChangeProps & { readonly spectra: Spectra }) {
  const id = useId();
  const most = Math.max(1, Math.min(change.most, Math.max(0, ...spectra.held.map(({ values }) => values.length))));
  const [wanted, setRank] = useState(FIRST_RANK);
  const [rest, setRest] = useState<LoraChoice['rest']>('leave-out');
  const rank = Math.min(wanted, most);
  const chosen = { rank, rest };
  const outcome = useMemo(() => outcomeOf(spectra, { rank, rest }), [spectra, rank, rest]);
  if (spectra.held.length + spectra.left.length === 0)
    return (
      <p className="inspect-empty">
        {model.name} does not differ from {from.role === 'base' ? 'the base' : from.name}.
      </p>
    );
  if (spectra.held.length === 0)
    return <p className="inspect-empty">No matrix differs: only tensors changed that a LoRA has no factors for.</p>;
  return (
    <>
      <Part
        title="As a LoRA"
        note="‖ΔW − BA‖ ÷ ‖ΔW‖ from the singular values of every changed matrix, computed from all its weights. The dashed line is what the largest rank cannot carry."
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
        <ErrorCurve spectra={spectra} chosen={chosen} most={most} />
        {spectra.left.length > 0 && <RestChoice spectra={spectra} rest={rest} onChoose={setRest} />}
        <p data-rank={rank} data-rest={rest} data-error={outcome.error} data-matrices={outcome.matrices}>
          At rank {rank} the adapter misses <b>{share(outcome.error)}</b> of the whole change ({share(outcome.matrices)}{' '}
          of the change of its matrices). It takes {sizeInWords(outcome.bytes)}; the changed tensors take{' '}
          {sizeInWords(spectra.bytes)}.
        </p>
        <LoraFiles lora={lora} model={model} change={change} chosen={chosen} />
      </Part>
      {lora.run && behaviour && (
        <LoraScores run={lora.run} behaviour={behaviour} model={model} chosen={chosen} subjectKey={subject.key} />
      )}
      <LoraTensors outcome={outcome} />
    </>
  );
}

const RESTS = [
  { value: 'leave-out', name: 'leave out', help: 'The adapted model keeps the base’s' },
  { value: 'in-full', name: 'keep in full', help: 'As modules_to_save, which PEFT loads in place of the base’s' },
] as const;

interface RestProps {
  readonly spectra: Spectra;
  readonly rest: LoraChoice['rest'];
  readonly onChoose: (rest: LoraChoice['rest']) => void;
}

/** What becomes of biases, norms and tables. */
function RestChoice({ spectra, rest, onChoose }: RestProps) {
  const { left, whole } = spectra;
  const [resized] = resizedIn(spectra);
  const rows = resized?.shape[0];
  return (
    <div className="lora-rest">
      <p>
        {left.length} changed {left.length === 1 ? 'tensor has' : 'tensors have'} no factors (biases, norms, tables):
      </p>
      <Segmented label="Changes without factors" options={RESTS} value={rest} onChoose={onChoose} />
      {whole.nowhere.length > 0 && (
        <p className="hint">
          {some(whole.nowhere)}: {whole.nowhere.length === 1 ? 'belongs' : 'belong'} to no module, so PEFT has no place
          for {whole.nowhere.length === 1 ? 'it' : 'them'}.
        </p>
      )}
      {resized && rest === 'in-full' && (
        <p className="hint">
          The vocabulary changed: before PEFT loads the adapter, call <code>base.resize_token_embeddings({rows})</code>.
        </p>
      )}
      {resized && rest === 'leave-out' && (
        <p className="hint">
          The vocabulary changed from {resized.rowsBefore} to {rows} rows: without its tables the adapter fits the old
          one only.
        </p>
      )}
    </div>
  );
}

const NAMED = 3;
const some = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;

/** Kilobytes are whole: smaller parts of files are of no use. */
const sizeInWords = (bytes: number): string =>
  bytes < 10_000_000
    ? `${grouped(Math.max(1, Math.round(bytes / 1000)))} kB`
    : `${grouped(Math.round(bytes / 1_000_000))} MB`;
