import type { KeyboardEvent, ReactNode } from 'react';
import { dragged, stepped } from './brush.ts';
import { type Frame, heightAt, valueAt } from './layout.ts';
import type { ParallelAxis } from './types.ts';
import { useDrag } from './use-drag.ts';

interface GripProps {
  readonly axis: ParallelAxis;
  readonly frame: Frame;
  /** 'at least', 'at most', 'floor' or 'ceiling'; the axis' name follows. */
  readonly label: string;
  readonly className: string;
  readonly value: number;
  /** Whether it rests at its end of the axis and keeps every line. */
  readonly resting: boolean;
  /** Pixels from the axis to the left edge of what can be touched. */
  readonly left: number;
  onMove(value: number): void;
  onRemove(): void;
  readonly children: ReactNode;
}

/** What a finger hits; taller would cover the other end of a short brush. */
const TOUCH = { width: 24, height: 20 };

/** A handle on an axis that the pointer drags and the keys move. */
export function Grip({ axis, frame, label, className, value, resting, left, onMove, onRemove, children }: GripProps) {
  const height = heightAt(axis.domain, frame, value);
  const drag = useDrag(
    (from) => height - from,
    (offset, to) => onMove(dragged(axis, valueAt(axis.domain, frame, to + offset))),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepped(axis, value, event.key);
    const removes = event.key === 'Delete' || event.key === 'Backspace';
    if (next === undefined && !removes) return;
    event.preventDefault();
    if (next === undefined) onRemove();
    else onMove(next);
  };
  const text = axis.format(value);
  return (
    <g
      className={`grip ${className} ${resting ? 'resting' : ''}`}
      transform={`translate(0 ${height})`}
      data-grip
      data-screen-only={resting || undefined}
      role="slider"
      tabIndex={0}
      aria-label={`${label} ${axis.name}`}
      aria-orientation="vertical"
      aria-valuemin={axis.domain[0]}
      aria-valuemax={axis.domain[1]}
      aria-valuenow={value}
      aria-valuetext={resting ? `${text}, no limit` : text}
      onKeyDown={onKeyDown}
      onDoubleClick={onRemove}
      {...drag}
    >
      <rect className="touch" x={left} y={-TOUCH.height / 2} {...TOUCH} rx={4} />
      {children}
    </g>
  );
}
