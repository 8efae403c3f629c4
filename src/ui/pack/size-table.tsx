import type { SizedMerge } from '../../store/pack-sizes.ts';
import { percent } from '../charts/format.ts';
import { timesText } from './size-text.ts';

/** The plot in words, for those who cannot see it. */
export function SizeTable({ merges }: { readonly merges: readonly SizedMerge[] }) {
  return (
    <table className="unseen">
      <caption>Size and mean accuracy over the tasks of the mix, test samples</caption>
      <thead>
        <tr>
          <th scope="col">Merge</th>
          <th scope="col">Size, in networks</th>
          <th scope="col">Mean accuracy, percent</th>
          <th scope="col">95 % interval, percent</th>
          <th scope="col">Images per task</th>
        </tr>
      </thead>
      <tbody>
        {merges.map(({ id, name, kind, size, accuracy, low, high, n }) => (
          <tr key={id} data-kind={kind}>
            <th scope="row">
              {name}
              {kind === 'current' && ' (on the screen)'}
            </th>
            <td>{timesText(size)}</td>
            <td>{percent(accuracy)}</td>
            <td>
              {percent(low)} to {percent(high)}
            </td>
            <td>{n}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
