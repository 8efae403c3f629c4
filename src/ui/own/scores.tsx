import { type Score, useOwn } from '../../store/own/store.ts';

const percent = ({ correct, n }: Score): string => `${((100 * correct) / n).toFixed(1)} %`;

/** How good base and experts are on each task, as soon as it is counted. */
export function Scores() {
  const scores = useOwn((state) => state.scores);
  const models = Object.keys(scores);
  const [first] = models;
  if (first === undefined) return null;
  const tasks = Object.keys(scores[first] ?? {});
  return (
    <div className="own-scores">
      <table>
        <caption>Right answers on your test samples</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Model</span>
            </th>
            {tasks.map((task) => (
              <th key={task} scope="col">
                {task}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model}>
              <th scope="row">{model}</th>
              {tasks.map((task) => {
                const score = scores[model]?.[task];
                return (
                  <td key={task} data-own={model === task}>
                    {score ? percent(score) : '…'}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
