import type { TaskRow } from '../../store/selectors.ts';
import { expertColour } from '../experts.ts';

const WHOLE = 100;

interface ValueBarProps {
  readonly row: TaskRow;
  readonly span: readonly [number, number];
  readonly height: number;
}

/** A metric without natural ends: a mark between the worst value of the file, left, and the best, right. */
export function ValueBar({ row, span: [worst, best], height }: ValueBarProps) {
  const at = (value: number) => {
    const share = best === worst ? 0.5 : (value - worst) / (best - worst);
    return `${(Math.min(1, Math.max(0, share)) * WHOLE).toFixed(2)}%`;
  };
  const middle = Math.round(height * 0.38);
  const { accuracy } = row;
  return (
    <svg className="value-bar" width="100%" height={height} aria-hidden="true" focusable="false">
      <line className="rule" x1={0} x2="100%" y1={middle} y2={middle} />
      {[0, WHOLE].map((end) => (
        <line key={end} className="rule" x1={`${end}%`} x2={`${end}%`} y1={middle - 5} y2={middle + 5} />
      ))}
      {accuracy !== null && row.high > row.low && (
        <g className="band">
          <line x1={at(row.low)} x2={at(row.high)} y1={middle} y2={middle} />
          <line x1={at(row.low)} x2={at(row.low)} y1={middle - 3} y2={middle + 3} />
          <line x1={at(row.high)} x2={at(row.high)} y1={middle - 3} y2={middle + 3} />
        </g>
      )}
      {accuracy !== null && (
        <svg x={at(accuracy)} y={middle} overflow="visible" aria-hidden="true">
          <circle className={`value ${row.state}`} r={5} style={{ color: expertColour(row.index) }} />
        </svg>
      )}
    </svg>
  );
}
