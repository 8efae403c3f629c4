import { type CSSProperties, useId, useRef, useState } from 'react';
import { LimitBox } from '../controls/limit-box.tsx';
import { type End, type Range, withEnd } from './brush.ts';
import type { ParallelAxis, ParallelPlotProps } from './types.ts';

interface AxisMenuProps extends Pick<ParallelPlotProps, 'onBrush' | 'onFloor'> {
  readonly axis: ParallelAxis;
  readonly brush: Range | undefined;
  readonly floor: number | undefined;
  /** Where the axis' name stands. */
  readonly style: CSSProperties;
}

/** Pixels that the menu takes, so that it stays on the screen. */
const WIDTH = 176;

/** Behind the name of an axis: its limits as numbers, for those who cannot or do not want to drag. */
export function AxisMenu({ axis, brush, floor, style, onBrush, onFloor }: AxisMenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState({ left: 0, top: 0 });
  const place = () => {
    const box = button.current?.getBoundingClientRect();
    if (!box) return;
    const left = Math.max(8, Math.min(window.innerWidth - WIDTH - 8, box.left + box.width / 2 - WIDTH / 2));
    setAt({ left, top: box.bottom + 4 });
  };
  const [low, high] = axis.domain;
  const limits = { min: low, max: high, ...(axis.factor !== undefined && { factor: axis.factor }) };
  const set = (end: End) => (value: number | undefined) =>
    onBrush(axis.id, withEnd(axis, brush, end, value ?? (end === 'least' ? low : high)));
  return (
    <>
      <button
        ref={button}
        type="button"
        className="axis-name"
        style={style}
        popoverTarget={id}
        aria-label={`Limits of ${axis.name}`}
        title="Type limits"
      />
      <div id={id} className="axis-menu" popover="auto" style={at} onBeforeToggle={place}>
        <b>{axis.name}</b>
        <Row label="at least">
          <LimitBox
            label={`at least ${axis.name}, typed`}
            value={given(brush?.[0], low)}
            {...limits}
            onSet={set('least')}
          />
        </Row>
        <Row label="at most">
          <LimitBox
            label={`at most ${axis.name}, typed`}
            value={given(brush?.[1], high)}
            {...limits}
            onSet={set('most')}
          />
        </Row>
        {axis.kind === 'task' && (
          <Row label="floor">
            <LimitBox
              label={`floor ${axis.name}, typed`}
              value={floor}
              {...limits}
              onSet={(value) => onFloor(axis.id, value)}
            />
          </Row>
        )}
      </div>
    </>
  );
}

/** An end of a brush at the end of its axis is no limit. */
const given = (value: number | undefined, end: number) => (value === end ? undefined : value);

function Row({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <span className="limit-row">
      {label} {children}
    </span>
  );
}
