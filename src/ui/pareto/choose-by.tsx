import { selectChoice } from '../../store/choice.ts';
import { selectGoals } from '../../store/kept.ts';
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

const AMONG = [
  { value: 'measured', name: 'measured', help: 'Merges that were measured on the calibration split' },
  { value: 'predicted', name: 'predicted', help: 'The predicted front: estimates that still have to be measured' },
] as const;

const WEIGHT = { min: 0, max: 1, step: 0.05, default: USUAL_WEIGHT };

/** What the rules go by, goal by goal: a floor, a weight, a wish; and from which merges they choose. */
export function ChooseBy() {
  const goals = useStudio(selectGoals);
  const among = useStudio((state) => state.preference.among);
  const setPreference = useStudio((state) => state.setPreference);
  return (
    <div className="choose-by">
      <table>
        <thead>
          <tr>
            <th scope="col">goal</th>
            <th scope="col">
              <Term help="No merge below it is chosen, and the plots grey those out.">floor %</Term>
            </th>
            <th scope="col">
              <Term help="What you wish for: the merge with the least shortfall is taken. Drag the cross-hair in the plot of two tasks.">
                wish %
              </Term>
            </th>
            <th scope="col">
              <Term help="How much each goal counts in the sum; only the proportions matter.">weight</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          {goals.map((goal) => (
            <Goal key={goal} goal={goal} />
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
            onChoose={(chosen: Preference['among']) => setPreference({ among: chosen })}
          />
        </span>
        <Aim />
      </footer>
    </div>
  );
}

function Goal({ goal }: { readonly goal: string }) {
  const tasks = useStudio((state) => state.card?.tasks);
  const index = useStudio((state) => state.card?.experts.findIndex(({ id }) => id === goal) ?? -1);
  const floor = useStudio((state) => state.floors[goal]);
  const { weights, wish } = useStudio((state) => state.preference);
  const setFloor = useStudio((state) => state.setFloor);
  const setPreference = useStudio((state) => state.setPreference);
  const name = tasks?.find(({ id }) => id === goal)?.name ?? goal;
  const { [goal]: own, ...others } = wish;
  const weigh = (value: number) => setPreference({ weights: { ...weights, [goal]: value } });
  const box = { min: 0, max: 1, factor: 100 };
  return (
    <tr>
      <th scope="row">
        {index >= 0 && <ExpertMark index={index} />} {name}
      </th>
      <td>
        <LimitBox
          label={`floor of ${name} in percent`}
          value={floor}
          {...box}
          onSet={(value) => setFloor(goal, value)}
        />
      </td>
      <td>
        <LimitBox
          label={`wish for ${name} in percent`}
          value={own}
          {...box}
          onSet={(value) => setPreference({ wish: value === undefined ? others : { ...wish, [goal]: value } })}
        />
      </td>
      <td>
        <Slider
          label={`weight of ${name}`}
          value={weights[goal] ?? USUAL_WEIGHT}
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
  const setPreference = useStudio((state) => state.setPreference);
  const aimed = goals.some((goal) => wish[goal] !== undefined);
  if (aimed)
    return (
      <button type="button" className="flat" onClick={() => setPreference({ wish: {} })}>
        no wish
      </button>
    );
  return (
    <button
      type="button"
      className="plain"
      disabled={front.length === 0}
      onClick={() => setPreference({ wish: idealOf(front, goals) })}
    >
      Wish for the best of each
    </button>
  );
}
