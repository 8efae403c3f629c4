import type { KeyboardEvent, ReactNode } from 'react';
import { openEnded, withinAxis } from '../../store/limits.ts';
import { taskAxis } from '../../store/parallel.ts';
import { useStudio } from '../../store/studio.ts';
import { between, dragged } from '../parallel/brush.ts';
import { type GoalAxes, type GoalAxis, valuesAt } from './goal-axis.ts';
import type { Place } from './use-place.ts';
import { usePlotDrag } from './use-plot-drag.ts';
import './limits.css';

interface BoxLayerProps {
  readonly axes: GoalAxes;
  readonly place: Place;
  /** What else the pointer does in the plot. */
  readonly children: ReactNode;
}

/** A drag over the plot brushes a range of both axes; Escape and a double click take it away. */
export function BoxLayer({ axes, place, children }: BoxLayerProps) {
  const setBrushes = useStudio((state) => state.setBrushes);
  const [x, y] = axes;
  const brush = (axis: GoalAxis, a: number, b: number) => {
    const range = between(axis, dragged(axis, a), dragged(axis, b));
    return range && openEnded(range, axis.domain);
  };
  const drag = usePlotDrag({
    area: true,
    move: (to, from) => {
      const [a, b] = [valuesAt(axes, place, from), valuesAt(axes, place, to)];
      setBrushes({ [taskAxis(x.goal)]: brush(x, a[0], b[0]), [taskAxis(y.goal)]: brush(y, a[1], b[1]) });
    },
  });
  const clear = () => setBrushes({ [taskAxis(x.goal)]: undefined, [taskAxis(y.goal)]: undefined });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') clear();
  };
  const { onPointerDown } = drag;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the keyboard there are floors here and brushes in the parallel plot
    <g
      className="brushable"
      tabIndex={-1}
      onDoubleClick={clear}
      onKeyDown={onKeyDown}
      {...drag}
      onPointerDown={(event) => {
        onPointerDown(event);
        // So that Escape is heard.
        if (event.target instanceof Element && !event.target.closest('[tabindex="0"]')) event.currentTarget.focus();
      }}
    >
      <Box axes={axes} place={place} />
      {children}
    </g>
  );
}

/** What is brushed on the two axes. */
function Box({ axes: [x, y], place }: Omit<BoxLayerProps, 'children'>) {
  const across = useStudio((state) => state.brushes[taskAxis(x.goal)]);
  const up = useStudio((state) => state.brushes[taskAxis(y.goal)]);
  if (!across && !up) return null;
  const [left, right] = across ? withinAxis(across, x.domain) : x.domain;
  const [low, high] = up ? withinAxis(up, y.domain) : y.domain;
  const [from, to] = [place.at(left, high), place.at(right, low)];
  // A reversed axis has its low end at the other side.
  const [x0, y0] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
  const size = { width: Math.abs(to[0] - from[0]), height: Math.abs(to[1] - from[1]) };
  return <rect className="brushed" x={x0} y={y0} {...size} />;
}
