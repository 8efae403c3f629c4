import type { BoardCell } from '../../store/board-views.ts';

/** Accuracies at the ends of the drawing. */
export interface Scale {
  readonly low: number;
  readonly high: number;
}

interface WhiskersProps {
  readonly first: BoardCell;
  readonly tuned: BoardCell | null;
  readonly scale: Scale;
  readonly best: number;
}

const HEIGHT = 26;

/** Averages with their intervals; the numbers stand in the cells beside. */
export function Whiskers({ first, tuned, scale, best }: WhiskersProps) {
  const at = (value: number) => `${((value - scale.low) / (scale.high - scale.low)) * 100}%`;
  const mark = ({ average, low, high }: BoardCell, y: number, path: string) => (
    <g>
      <line x1={at(low)} x2={at(high)} y1={y} y2={y} />
      <svg x={at(average)} y={y} overflow="visible" aria-hidden="true">
        <path d={path} />
      </svg>
    </g>
  );
  return (
    <svg className="whiskers" width="100%" height={HEIGHT} aria-hidden="true" focusable="false">
      <line className="whiskers-best" x1={at(best)} x2={at(best)} y1={0} y2={HEIGHT} />
      {mark(first, tuned ? 8 : HEIGHT / 2, 'M-3.5 0A3.5 3.5 0 1 1 3.5 0A3.5 3.5 0 1 1-3.5 0Z')}
      {tuned && mark(tuned, 18, 'M0-4.5L4.5 0L0 4.5L-4.5 0Z')}
    </svg>
  );
}
