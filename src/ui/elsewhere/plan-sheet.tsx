import { useId, useMemo, useState } from 'react';
import { draw, type PlanOffer, packed, planOffer } from '../../store/elsewhere/plan.ts';
import { useStudio } from '../../store/studio.ts';
import { NumberBox } from '../controls/number-box.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { Choose } from './choose.tsx';
import { download } from './download.ts';
import './sheets.css';

/** As many as a Slurm array takes. */
const MOST_MERGES = 1000;

/** Merges to make and measure on one's own machines: how many, of what, and what to do with them. */
export default function PlanSheet({ onClose }: { readonly onClose: () => void }) {
  const recipe = useStudio((state) => state.recipe);
  const elsewhere = useStudio((state) => state.elsewhere);
  const points = useStudio((state) => state.points);
  const configuration = useStudio((state) => state.configuration);
  const offer = useMemo(
    () => planOffer({ recipe, elsewhere, points, configuration }),
    [recipe, elsewhere, points, configuration],
  );
  return (
    <Sheet title="Plan merges for your own models" onClose={onClose} className="elsewhere-sheet">
      <div className="sheet-content">
        <p>
          Writes one mergekit configuration per vector of coefficients, with programs that merge and evaluate them where
          your models are: in a plain shell, as a Slurm array, or as a Ray job.
        </p>
        {'refusal' in offer ? <Refusal sentences={offer.refusal} /> : <Offer key={offer.source.title} offer={offer} />}
        <p className="hint">
          To vary a mergekit configuration of your own, drop its YAML file on the page, or choose it. Every weight in it
          becomes a coefficient.
        </p>
        <Choose name="Choose a configuration …" accept=".yaml,.yml" />
      </div>
    </Sheet>
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

function Offer({ offer }: { readonly offer: PlanOffer }) {
  const { source, unknowns, known } = offer;
  const [count, setCount] = useState(2 * unknowns);
  const [tasks, setTasks] = useState('');
  const id = useId();
  const plan = useMemo(() => attempt(offer, count, tasks.replaceAll(' ', '')), [offer, count, tasks]);
  const scale = { min: 1, max: MOST_MERGES, step: 1, default: 2 * unknowns, integer: true };
  return (
    <>
      <h3>{source.title}</h3>
      <ul className="plan-axes">
        {source.axes.map(({ name, min, max }) => (
          <li key={name}>
            {name} <span className="hint">{`${short(min)} to ${short(max)}`}</span>
          </li>
        ))}
      </ul>
      <div className="plan-fields">
        <span>
          <NumberBox label="Merges to plan" value={count} scale={scale} onSet={setCount} /> merges
        </span>
        <span className="hint">
          p = {unknowns} unknowns per task, twice as many determine them well
          {known.length > 0 && `; ${known.length} are measured already and not planned again`}
        </span>
        <label htmlFor={id}>Tasks of lm-evaluation-harness</label>
        <input
          id={id}
          type="text"
          value={tasks}
          placeholder="hellaswag,arc_easy; may be filled in later"
          onChange={(event) => setTasks(event.currentTarget.value)}
        />
      </div>
      {'refusal' in plan ? (
        <Refusal sentences={[plan.refusal]} />
      ) : (
        <>
          {plan.notes.length > 0 && (
            <ul className="hint plan-notes">
              {plan.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
          <button
            type="button"
            className="primary"
            data-first
            onClick={() => {
              const { name, bytes } = packed(plan, count);
              download(name, new Blob([bytes], { type: 'application/zip' }));
            }}
          >
            Save the plan of {count} {count === 1 ? 'merge' : 'merges'}
          </button>
          <Contents paths={plan.files.map(({ path }) => path)} />
        </>
      )}
    </>
  );
}

function Contents({ paths }: { readonly paths: readonly string[] }) {
  const configurations = paths.filter((path) => path.startsWith('configs/')).length;
  return (
    <p className="hint">
      An archive with {paths.filter((path) => !path.startsWith('configs/')).join(', ')} and {configurations} files in
      configs/. Its README.md says what to install and how to start: <code>bash run.sh</code>,{' '}
      <code>sbatch run.slurm</code> or <code>python3 run_ray.py</code>. When results are there, <code>collect.py</code>{' '}
      makes results.csv of them: drop it here.
    </p>
  );
}

const short = (value: number) => Number(value.toPrecision(4));

function attempt(
  offer: PlanOffer,
  count: number,
  tasks: string,
): ReturnType<typeof draw> | { readonly refusal: string } {
  try {
    return draw(offer, count, tasks);
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}
