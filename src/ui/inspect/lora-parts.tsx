import { useMemo } from 'react';
import { shapeInWords } from '../../formats/in-words.ts';
import { errorsByRank, type LoraOutcome, type LoraRow, type Spectra } from '../../store/inspect/lora.ts';
import type { LoraChoice } from '../../store/inspect/subject.ts';
import { Part } from './part.tsx';

const WIDTH = 360;
const HEIGHT = 120;

export const share = (value: number): string =>
  value > 0 && value < 1e-4 ? 'under 0.01 %' : `${(100 * value).toFixed(value < 0.01 ? 2 : 1)} %`;

interface CurveProps {
  readonly spectra: Spectra;
  readonly chosen: LoraChoice;
  /** The largest rank. */
  readonly most: number;
}

/** What is lost at every rank, and at the chosen one. */
export function ErrorCurve({ spectra, chosen: { rank, rest }, most }: CurveProps) {
  const errors = useMemo(() => errorsByRank(spectra, rest, most), [spectra, rest, most]);
  const x = (r: number) => 4 + (r / most) * (WIDTH - 8);
  const y = (error: number) => HEIGHT - 4 - error * (HEIGHT - 10);
  const at = (r: number) => errors[r] ?? 0;
  return (
    <figure className="inspect-figure lora-curve">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Error by rank: ${share(at(1))} at rank 1, ${share(at(rank))} at rank ${rank}, ${share(at(most))} at rank ${most}.`}
      >
        <line className="axis" x1={0} x2={WIDTH} y1={HEIGHT - 4} y2={HEIGHT - 4} />
        <line className="axis" strokeDasharray="3 3" x1={0} x2={WIDTH} y1={y(at(most))} y2={y(at(most))} />
        <g className="ink-line">
          <polyline points={errors.map((error, r) => `${x(r).toFixed(1)},${y(error).toFixed(1)}`).join(' ')} />
          <circle cx={x(rank)} cy={y(at(rank))} r={4} />
        </g>
      </svg>
      <figcaption className="axis-ends">
        <span>rank 0: {share(at(0))}</span>
        <span>
          rank {most}: {share(at(most))}
        </span>
      </figcaption>
    </figure>
  );
}

const FATES: Readonly<Record<Exclude<LoraRow['fate'], 'factors'>, string>> = {
  'in-full': 'in full',
  'left-out': 'left out',
  nowhere: 'no place',
};

/** Every changed tensor, and what becomes of its change. */
export function LoraTensors({ outcome: { rows } }: { readonly outcome: LoraOutcome }) {
  const count = (fate: LoraRow['fate']) => rows.filter((row) => row.fate === fate).length;
  const said = [
    `${count('factors')} matrices have factors`,
    ...(count('in-full') > 0 ? [`${count('in-full')} tensors are in the adapter in full`] : []),
    ...(count('left-out') > 0 ? [`${count('left-out')} are left out`] : []),
    ...(count('nowhere') > 0 ? [`${count('nowhere')} have no place in any adapter`] : []),
  ];
  return (
    <Part title="Tensor by tensor" note={`${said.join(', ')}.`}>
      <div>
        <table className="lora-table lora-tensors">
          <thead>
            <tr>
              <th scope="col">tensor</th>
              <th scope="col">shape</th>
              <th scope="col">error</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, shape, fate, error }) => (
              <tr key={name} data-lora={name} data-fate={fate} data-error={error}>
                <th scope="row">{name}</th>
                <td>{shapeInWords(shape)}</td>
                <td>{fate === 'factors' ? share(error) : FATES[fate]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}
