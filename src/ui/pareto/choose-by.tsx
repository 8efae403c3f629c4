import { selectChoice } from '../../store/choice.ts';
import { type Goal as Objective, selectGoals } from '../../store/objectives.ts';
import { idealOf, USUAL_WEIGHT } from '../../store/picks.ts';
import type { Preference } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { LimitBox } from '../controls/limit-box.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Slider } from '../controls/slider.tsx';
import { Term } from '../controls/term.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';
import { useCalm } from '../use-calm.ts';
import { goalName, isMinimised } from './units.ts';

const AMONG = [
  { value: 'measured', name: 'measured', help: 'Merges that were measured on the calibration split' },
  { value: 'predicted', name: 'predicted', help: 'The predicted front: estimates that still have to be measured' },
] as const;

const WEIGHT = { min: 0, max: 1, step: 0.05, default: USUAL_WEIGHT };

const UNIT_WORDS: Readonly<Record<Objective['unit'], string>> = {
  share: ' in percent',
  nats: ' in nats',
  norm: '',
  plain: '',
};
/** Of what has no natural limit. */
const LARGEST = 1e6;

/** What the rules go by, goal by goal: a floor, a weight, a wish; and from which merges they choose. */
export function ChooseBy() {
  const goals = useStudio(selectGoals);
  const among = useStudio((state) => state.preference.among);
  const prefer = useStudio((state) => state.prefer);
  return (
    <div className="choose-by">
      <table>
        <thead>
          <tr>
            <th scope="col">goal</th>
            <th scope="col">
              <Term help="No merge below it is chosen, and the plots grey those out.">floor</Term>
            </th>
            <th scope="col">
              <Term help="What you wish for: the merge with the least shortfall is taken. Drag the cross-hair in the plot of two tasks.">
                wish
              </Term>
            </th>
            <th scope="col">
              <Term help="How much each goal counts in the sum; only the proportions matter.">weight</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          {goals.map((goal) => (
            <Goal key={goal.objective.id} goal={goal} />
          ))}
        </tbody>
      </table>
      <footer>
        <span>
          among{' '}
          <Segmented
            label="Merges to choose from"
            options={AMONG}
            value={among}
            onChoose={(chosen: Preference['among']) => prefer({ among: chosen })}
          />
        </span>
        <Aim />
      </footer>
    </div>
  );
}

function Goal({ goal }: { readonly goal: Objective }) {
  const { id } = goal.objective;
  const index = useStudio((state) => state.card?.experts.findIndex((expert) => expert.id === goal.id) ?? -1);
  const floor = useStudio((state) => state.floors[id]);
  const { weights, wish } = useStudio((state) => state.preference);
  const setFloor = useStudio((state) => state.setFloor);
  const prefer = useStudio((state) => state.prefer);
  const name = goalName(goal);
  const unit = UNIT_WORDS[goal.unit];
  const { [id]: own, ...others } = wish;
  const weigh = (value: number) => prefer({ weights: { ...weights, [id]: value } });
  const box = goal.unit === 'share' ? { min: 0, max: 1, factor: 100 } : { min: 0, max: LARGEST, factor: 1 };
  return (
    <tr>
      <th scope="row">
        {index >= 0 && <ExpertMark index={index} />} {name}
      </th>
      <td>
        <LimitBox
          label={`${isMinimised(goal) ? 'ceiling' : 'floor'} of ${name}${unit}`}
          value={floor}
          {...box}
          onSet={(value) => setFloor(id, value)}
        />
      </td>
      <td>
        <LimitBox
          label={`wish for ${name}${unit}`}
          value={own}
          {...box}
          onSet={(value) => prefer({ wish: value === undefined ? others : { ...wish, [id]: value } })}
        />
      </td>
      <td>
        <Slider
          label={`weight of ${name}`}
          value={weights[id] ?? USUAL_WEIGHT}
          scale={WEIGHT}
          colour={index >= 0 ? expertColour(index) : undefined}
          onMove={weigh}
          onReset={() => weigh(USUAL_WEIGHT)}
        />
      </td>
    </tr>
  );
}

/** Puts a wish where every goal is at its best, for it to be pulled back from there; or takes it away. */
function Aim() {
  const { front } = useCalm(selectChoice);
  const goals = useStudio(selectGoals);
  const wish = useStudio((state) => state.preference.wish);
  const prefer = useStudio((state) => state.prefer);
  const aimed = goals.some(({ objective }) => wish[objective.id] !== undefined);
  if (aimed)
    return (
      <button type="button" className="flat" onClick={() => prefer({ wish: {} })}>
        no wish
      </button>
    );
  return (
    <button
      type="button"
      className="plain"
      disabled={front.length === 0}
      onClick={() => prefer({ wish: idealOf(front, goals) })}
    >
      Wish for the best of each
    </button>
  );
}
