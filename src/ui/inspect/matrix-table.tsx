import type { SeenModel } from '../../store/inspect/subject.ts';
import { ModelMark } from './models.tsx';
import { hundredths } from './numbers.ts';

interface MatrixTableProps {
  readonly caption: string;
  readonly models: readonly SeenModel[];
  /** −1…1 by row and column. */
  readonly values: readonly (readonly number[])[];
}

/** Most of the colour that a cell may have: text on it stays readable. */
const MOST_COLOUR = 34;

/** A symmetric matrix as a table whose cells are shaded by size: ink for more than 0, red for less. */
export function MatrixTable({ caption, models, values }: MatrixTableProps) {
  return (
    <table className="matrix">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          <td />
          {models.map((model) => (
            <th key={model.id} scope="col" title={model.name}>
              <ModelMark model={model} />
              <span className="unseen">{model.name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {models.map((model, row) => (
          <tr key={model.id}>
            <th scope="row">
              <ModelMark model={model} size={11} /> <span>{model.name}</span>
            </th>
            {models.map((other, col) => {
              const value = values[row]?.[col] ?? Number.NaN;
              return (
                <td
                  key={other.id}
                  data-pair={`${model.id} ${other.id}`}
                  data-value={value}
                  title={`${model.name} and ${other.name}: ${hundredths(value)}`}
                  style={{ background: shade(value) }}
                >
                  {row === col ? '1' : hundredths(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function shade(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  const share = Math.min(1, Math.abs(value)) * MOST_COLOUR;
  return `color-mix(in srgb, var(${value < 0 ? '--bad' : '--ink'}) ${share.toFixed(1)}%, transparent)`;
}
