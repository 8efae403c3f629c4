import { selectPackInfo } from '../../store/pack-sizes.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import { Term } from '../controls/term.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';

const HELP = [
  'Catastrophic weights: no task uses them, yet a plain merge would add them to all.',
  'Selfish weights: one task alone uses them.',
] as const;

/** What the masks of a pack keep: by task, and by how many tasks a weight is used. */
export function MaskTable() {
  const masks = useStudio((state) => selectPackInfo(state)?.readout?.masks);
  const recipe = useStudio((state) => state.recipe);
  const card = useStudio((state) => state.card);
  if (!masks || !recipe || !card) return null;
  const weights = masks.agreement.reduce((sum, count) => sum + count, 0);
  return (
    <div className="masks">
      <table>
        <caption>Weights that each task’s mask keeps</caption>
        <tbody>
          {recipe.experts.map((id, t) => {
            const index = card.experts.findIndex((expert) => expert.id === id);
            const kept = masks.kept[t] ?? 0;
            return (
              <tr key={id} data-mask={id} data-kept={kept}>
                <th scope="row">
                  <ExpertMark index={index} /> {card.tasks.find((task) => task.id === id)?.name ?? id}
                </th>
                <td className="bar" aria-hidden="true">
                  <Bar share={kept} colour={expertColour(index)} />
                </td>
                <td>{percent(kept)} %</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <table>
        <caption>Weights by how many tasks use them</caption>
        <tbody>
          {masks.agreement.map((count, tasks) => {
            const help = HELP[tasks];
            const words = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the number of tasks
              <tr key={tasks} data-agreement={tasks} data-count={count}>
                <th scope="row">{help ? <Term help={help}>{words}</Term> : words}</th>
                <td className="bar" aria-hidden="true">
                  <Bar share={count / weights} colour="var(--muted)" />
                </td>
                <td>{percent(count / weights)} %</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Bar({ share, colour }: { readonly share: number; readonly colour: string }) {
  return (
    <svg width="100%" height="8" aria-hidden="true" focusable="false">
      <rect className="track" width="100%" height="8" />
      <rect width={`${(100 * share).toFixed(2)}%`} height="8" fill={colour} />
    </svg>
  );
}
