import type { TaskRow } from '../../store/selectors.ts';
import { expertColour } from '../experts.ts';
import './task-bar.css';

/** Widths in percent: the drawing stretches with its cell and needs no measuring. */
const at = (share: number) => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;

/** Accuracies that the hairlines of the scale stand at. */
export const SCALE = [0, 0.25, 0.5, 0.75, 1] as const;

interface TaskBarProps {
  readonly row: TaskRow;
  readonly height: number;
  /** Accuracy of the pinned result, drawn behind. */
  readonly ghost?: number | null;
}

/** One task as a horizontal bar from 0 to 100 %, with whisker and ghost marks. Words for it stand in the same cell. */
export function TaskBar({ row, height, ghost = null }: TaskBarProps) {
  const thick = Math.round(height * 0.42);
  const top = Math.round(height * 0.16);
  const below = top + thick;
  return (
    <svg className="task-bar" width="100%" height={height} aria-hidden="true" focusable="false">
      {SCALE.map((share) => (
        <line key={share} className="scale" x1={at(share)} x2={at(share)} y1={0} y2={height} />
      ))}
      {ghost !== null && (
        <g className="pinned">
          <rect x={0} y={top - 3} width={at(ghost)} height={thick + 7} />
          <line x1={at(ghost)} x2={at(ghost)} y1={top - 3} y2={below + 4} />
        </g>
      )}
      {row.accuracy !== null && (
        <rect
          className={`value ${row.state}`}
          style={{ color: expertColour(row.index) }}
          x={0}
          y={top + 0.5}
          width={at(row.accuracy)}
          height={thick}
        />
      )}
      {row.average !== null && <Tick x={row.average} top={top - 3} bottom={below + 9} />}
      {row.accuracy !== null && row.high > row.low && (
        <Whisker low={row.low} high={row.high} y={top + thick / 2 + 0.5} />
      )}
      {row.base !== null && (
        <Ghost x={row.base} y={below + 5}>
          <circle r={3} />
        </Ghost>
      )}
      {row.expert !== null && (
        <Ghost x={row.expert} y={below + 5}>
          <path d="M0 -4.2L4.2 0L0 4.2L-4.2 0Z" />
        </Ghost>
      )}
    </svg>
  );
}

function Whisker({ low, high, y }: { readonly low: number; readonly high: number; readonly y: number }) {
  const line = (className: string) => (
    <g className={className}>
      <line x1={at(low)} x2={at(high)} y1={y} y2={y} />
      <line x1={at(low)} x2={at(low)} y1={y - 2.5} y2={y + 2.5} />
      <line x1={at(high)} x2={at(high)} y1={y - 2.5} y2={y + 2.5} />
    </g>
  );
  return (
    <>
      {line('whisker-halo')}
      {line('whisker')}
    </>
  );
}

function Tick({ x, top, bottom }: { readonly x: number; readonly top: number; readonly bottom: number }) {
  return (
    <>
      <line className="average-halo" x1={at(x)} x2={at(x)} y1={top} y2={bottom} />
      <line className="average" x1={at(x)} x2={at(x)} y1={top} y2={bottom} />
    </>
  );
}

/** A mark at a percentage: nested drawings take percentages where a transform cannot. */
function Ghost({ x, y, children }: { readonly x: number; readonly y: number; readonly children: React.ReactNode }) {
  return (
    <svg className="ghost" x={at(x)} y={y} overflow="visible" aria-hidden="true">
      {children}
    </svg>
  );
}
