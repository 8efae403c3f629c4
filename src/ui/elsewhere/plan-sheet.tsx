import { useId, useState } from 'react';
import { useStudio } from '../../store/studio.ts';
import { ChooseFiles } from '../controls/choose-files.tsx';
import { NumberBox } from '../controls/number-box.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { save } from '../save.ts';
import { openChosen } from './files.ts';
import { type Archive, type Offer, usePlan } from './use-plan.ts';
import './sheets.css';

/** As many as a Slurm array takes. */
const MOST_MERGES = 1000;

/** Merges to make and measure on one's own machines: how many, of what, and what to do with them. */
export default function PlanSheet({ onClose }: { readonly onClose: () => void }) {
  const source = useStudio((state) => state.configuration);
  return (
    <Sheet title="Plan merges for your own models" onClose={onClose} className="elsewhere-sheet">
      <div className="sheet-content">
        <p>
          Writes one mergekit configuration per vector of coefficients, with programs that merge and evaluate them where
          your models are: in a plain shell, as a Slurm array, or as a Ray job.
        </p>
        <Plan key={source?.text ?? ''} />
        <p className="hint">
          To vary a mergekit configuration of your own, drop its YAML file on the page, or choose it. Every weight in it
          becomes a coefficient.
        </p>
        <ChooseFiles name="Choose a configuration …" accept=".yaml,.yml" onChoose={(files) => void openChosen(files)} />
      </div>
    </Sheet>
  );
}

function Plan() {
  const [count, setCount] = useState<number>();
  const [tasks, setTasks] = useState('');
  const plan = usePlan(count, tasks.replaceAll(' ', ''));
  const id = useId();
  if (!plan) return <p className="hint">The plan is made …</p>;
  if (plan.kind === 'refused') return <Refusal sentences={plan.reasons} />;
  const { title, axes, archive } = plan;
  return (
    <>
      <h3>{title}</h3>
      <ul className="plan-axes">
        {axes.map(({ name, min, max }) => (
          <li key={name}>
            {name} <span className="hint">{`${short(min)} to ${short(max)}`}</span>
          </li>
        ))}
      </ul>
      <div className="plan-fields">
        <Count plan={plan} onSet={setCount} />
        <label htmlFor={id}>Tasks of lm-evaluation-harness</label>
        <input
          id={id}
          type="text"
          value={tasks}
          placeholder="hellaswag,arc_easy; may be filled in later"
          onChange={(event) => setTasks(event.currentTarget.value)}
        />
      </div>
      {'refusal' in archive ? <Refusal sentences={[archive.refusal]} /> : <Save archive={archive} count={plan.count} />}
    </>
  );
}

function Refusal({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <ul className="opened" role="alert">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function Count({ plan, onSet }: { readonly plan: Offer; readonly onSet: (count: number) => void }) {
  const { count, unknowns, known } = plan;
  const scale = { min: 1, max: MOST_MERGES, step: 1, default: 2 * unknowns, integer: true };
  return (
    <>
      <span>
        <NumberBox label="Merges to plan" value={count} scale={scale} onSet={onSet} /> merges
      </span>
      <span className="hint">
        p = {unknowns} unknowns per task, twice as many determine them well
        {known > 0 && `; ${known} are measured already and not planned again`}
      </span>
    </>
  );
}

function Save({ archive, count }: { readonly archive: Archive; readonly count: number }) {
  const { name, bytes, paths, notes } = archive;
  const programs = paths.filter((path) => !path.startsWith('configs/'));
  return (
    <>
      {notes.length > 0 && (
        <ul className="hint">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="primary"
        onClick={() => save(name, new Blob([bytes], { type: 'application/zip' }))}
      >
        Save the plan of {count} {count === 1 ? 'merge' : 'merges'}
      </button>
      <p className="hint">
        An archive with {programs.join(', ')} and {paths.length - programs.length} files in configs/. Its README.md says
        what to install and how to start: <code>bash run.sh</code>, <code>sbatch run.slurm</code> or{' '}
        <code>python3 run_ray.py</code>. When results are there, <code>collect.py</code> makes results.csv of them: drop
        it here.
      </p>
    </>
  );
}

const short = (value: number) => Number(value.toPrecision(4));
