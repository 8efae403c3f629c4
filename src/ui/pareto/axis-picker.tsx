import { selectPairGoals, selectWhole } from '../../store/objectives.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';
import { isMinimised, UNIT_SIGNS } from './units.ts';

const ARROWS = ['→', '↑'] as const;

/** Objectives over the whole mix. */
const WHOLE_NAMES: Readonly<Record<ReturnType<typeof selectWhole>[number], string>> = {
  average: 'average of the mix',
  worst: 'worst of the mix',
  change: 'norm of the change',
};

/** The objective of one axis, standing where the axis ends; choosing the other axis' objective swaps the two. */
export function AxisPicker({ axis }: { readonly axis: 0 | 1 }) {
  const card = useStudio((state) => state.card);
  const experts = useStudio((state) => state.recipe?.experts);
  const pair = useStudio((state) => state.view?.pair);
  const goals = useStudio(selectPairGoals);
  const offeredWhole = useStudio(selectWhole);
  const setView = useStudio((state) => state.setView);
  if (!card || !experts || !pair) return null;
  const id = pair[axis];
  const goal = goals[axis];
  const index = card.experts.findIndex((expert) => expert.id === id);
  const offered = card.tasks.filter((task) => experts.includes(task.id) || pair.includes(task.id));
  const choose = (chosen: string) => {
    const other = pair[1 - axis] ?? id;
    const kept = chosen === other ? id : other;
    setView({ pair: axis === 0 ? [chosen, kept] : [kept, chosen] });
  };
  return (
    <label className={axis === 0 ? 'axis-picker horizontal' : 'axis-picker vertical'}>
      {index >= 0 && <ExpertMark index={index} />}
      <select
        aria-label={axis === 0 ? 'Task of the horizontal axis' : 'Task of the vertical axis'}
        value={id}
        onChange={(event) => choose(event.target.value)}
      >
        {offered.map((task) => (
          <option key={task.id} value={task.id}>
            {task.name}
          </option>
        ))}
        <hr />
        {offeredWhole.map((whole) => (
          <option key={whole} value={whole}>
            {WHOLE_NAMES[whole]}
          </option>
        ))}
      </select>
      <span aria-hidden="true">
        {goal && `${goal.unit === 'nats' ? 'loss, ' : ''}${UNIT_SIGNS[goal.unit]}`} {ARROWS[axis]}
      </span>
      {goal?.unit === 'plain' && isMinimised(goal) && <span className="faint">less is better</span>}
    </label>
  );
}
