import { metricOf } from '../../store/metrics.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';

/** The task of one axis, standing where the axis ends; choosing the other axis' task swaps the two. */
export function AxisPicker({ axis }: { readonly axis: 0 | 1 }) {
  const card = useStudio((state) => state.card);
  const experts = useStudio((state) => state.recipe?.experts);
  const pair = useStudio((state) => state.view?.pair);
  const setView = useStudio((state) => state.setView);
  const { share, smaller } = useStudio((state) => metricOf(state, state.view?.pair[axis]));
  if (!card || !experts || !pair) return null;
  const task = pair[axis];
  const offered = card.tasks.filter(({ id }) => experts.includes(id) || pair.includes(id));
  const choose = (chosen: string) => {
    const other = pair[1 - axis] ?? task;
    const kept = chosen === other ? task : other;
    setView({ pair: axis === 0 ? [chosen, kept] : [kept, chosen] });
  };
  return (
    <label className={axis === 0 ? 'axis-picker horizontal' : 'axis-picker vertical'}>
      <ExpertMark index={card.experts.findIndex((expert) => expert.id === task)} />
      <select
        aria-label={axis === 0 ? 'Task of the horizontal axis' : 'Task of the vertical axis'}
        value={task}
        onChange={(event) => choose(event.target.value)}
      >
        {offered.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <span aria-hidden="true">
        {share && '% '}
        {axis === 0 ? '→' : '↑'}
      </span>
      {smaller && <span className="faint">less is better</span>}
    </label>
  );
}
