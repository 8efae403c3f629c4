import { type MapSettings, selectGoals, selectWhole } from '../../store/objectives.ts';
import { selectExploration } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { Term } from '../controls/term.tsx';
import { MAP_OPTIONS } from './map-options.ts';
import './how.css';

interface Choice {
  readonly name: string;
  readonly help: string;
}

/** Everything about MAP that one may want otherwise. */
const CHOICES: Readonly<Record<keyof MapSettings, Choice>> = {
  metric: {
    name: 'measured',
    help: 'What counts of a task: the share of right answers, or the mean cross-entropy of the true class. The loss is smoother, so fewer merges determine it; merges from before it was counted have none.',
  },
  scale: {
    name: 'quadratic',
    help: 'Of what the surrogate is a quadratic in the coefficients: of the metric before a sigmoid or softplus bends it into its range, or of the metric itself. Automatic takes the sigmoid for accuracies and the loss itself for losses.',
  },
  design: {
    name: 'first merges',
    help: 'Base, lone experts and scrambled Sobol’ points; or the grid of MAP’s published code, for comparison: with eight experts it does not determine the quadratic.',
  },
  rule: {
    name: 'more merges',
    help: 'Thompson sampling measures where the front is likely to gain; the others where the surrogates know least, where the predicted front is least certain, or in the directions that were predicted worst (Bayesian MAP’s bins of angles).',
  },
  search: {
    name: 'front found by',
    help: 'Many candidates and a filter; the closed form, where every quadratic is concave; or evolution, whose generations are drawn as they come (100 merges, 25 generations; the surrogates are asked, nothing is measured).',
  },
  compare: {
    name: 'beside it',
    help: 'MAP as its authors published it: Levenberg–Marquardt from ones, and a front looked for in [−3, 3], far outside what was sampled. What it promises is rarely reached: that is why this page does otherwise.',
  },
};

const WHOLE_NAMES: Readonly<Record<ReturnType<typeof selectWhole>[number], string>> = {
  average: 'average',
  worst: 'worst task',
  change: 'norm of the change',
};

/** What has no say in merges that were measured elsewhere. */
const HERE_ONLY: readonly string[] = ['metric', 'design', 'rule'];

/** How the front is found: everything to choose for whoever asks. */
export default function How() {
  const settings = useStudio((state) => state.view?.map);
  const goals = useStudio((state) => state.view?.goals);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const setView = useStudio((state) => state.setView);
  if (!settings) return null;
  return (
    <div className="how">
      <div className="how-choices">
        {Object.entries(CHOICES)
          .filter(([key]) => !(elsewhere && HERE_ONLY.includes(key)))
          .map(([key, choice]) => (
            <div key={key}>
              <Term help={choice.help}>{choice.name}</Term>
              <select
                aria-label={choice.name}
                value={settings[key as keyof MapSettings]}
                onChange={(event) => setView({ map: { ...settings, [key]: event.target.value } })}
              >
                {MAP_OPTIONS[key as keyof MapSettings].map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
          ))}
      </div>
      {goals === 'all' && <Objectives />}
      <Fallback wanted={settings.search} />
    </div>
  );
}

/** Which objectives the front of all tasks is about. */
function Objectives() {
  const card = useStudio((state) => state.card);
  const experts = useStudio((state) => state.recipe?.experts);
  const chosen = useStudio(selectGoals);
  const whole = useStudio(selectWhole);
  const setView = useStudio((state) => state.setView);
  if (!card || !experts) return null;
  const ids = chosen.map(({ id }) => id);
  const offered = [
    ...card.tasks.filter(({ id }) => experts.includes(id)).map(({ id, name }) => ({ id, name })),
    ...whole.map((id) => ({ id, name: WHOLE_NAMES[id] })),
  ];
  const toggle = (id: string) => {
    const wanted = offered.map((each) => each.id).filter((each) => ids.includes(each) !== (each === id));
    setView({ objectives: wanted.join() === experts.join() ? [] : wanted });
  };
  return (
    <fieldset className="how-goals">
      <legend>goals of the front, two or more</legend>
      {offered.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={ids.includes(id)}
            disabled={ids.includes(id) && ids.length <= 2}
            onChange={() => toggle(id)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function Fallback({ wanted }: { readonly wanted: string }) {
  const used = useStudio((state) => selectExploration(state)?.search);
  const waiting = useStudio((state) => state.generation !== null);
  if (used === undefined || used === wanted || waiting || wanted !== 'closed') return null;
  return (
    <p className="hint" role="status">
      No closed form here: a quadratic is not concave, or a goal is of several tasks. The front is of candidates.
    </p>
  );
}
