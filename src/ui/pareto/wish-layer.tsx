import type { KeyboardEvent } from 'react';
import { useStudio } from '../../store/studio.ts';
import { dragged, stepped } from '../parallel/brush.ts';
import { type GoalAxes, valuesAt } from './goal-axis.ts';
import type { Place } from './use-place.ts';
import { usePlotDrag } from './use-plot-drag.ts';
import './picks.css';

interface WishLayerProps {
  readonly axes: GoalAxes;
  readonly place: Place;
}

/** Half of what a finger hits. */
const TOUCH = 14;
const TARGET = 'M-9 0H-3M3 0H9M0 -9V-3M0 3V9';

/** What is wished of both goals, as a cross-hair to drag; there once a wish was made. */
export function WishLayer({ axes, place }: WishLayerProps) {
  const wish = useStudio((state) => state.preference.wish);
  const prefer = useStudio((state) => state.prefer);
  const [x, y] = axes;
  const drag = usePlotDrag({
    move: (to) => {
      const [a, b] = valuesAt(axes, place, to);
      prefer({ wish: { ...wish, [x.goal]: dragged(x, a), [y.goal]: dragged(y, b) } });
    },
  });
  if (wish[x.goal] === undefined && wish[y.goal] === undefined) return null;
  const values = [wish[x.goal] ?? x.domain[0], wish[y.goal] ?? y.domain[0]] as const;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const side = event.key === 'ArrowUp' || event.key === 'ArrowDown' ? 1 : 0;
    const next = event.key.startsWith('Arrow') ? stepped(axes[side], values[side], event.key) : undefined;
    const removes = event.key === 'Delete' || event.key === 'Backspace';
    if (next === undefined && !removes) return;
    event.preventDefault();
    prefer({ wish: removes ? {} : { ...wish, [axes[side].goal]: next ?? values[side] } });
  };
  const [left, top] = place.at(...values);
  const { area } = place;
  return (
    <g
      className="wish-mark"
      transform={`translate(${left} ${top})`}
      role="slider"
      tabIndex={0}
      aria-label="wish"
      aria-roledescription="two-dimensional slider"
      aria-valuemin={x.domain[0]}
      aria-valuemax={x.domain[1]}
      aria-valuenow={values[0]}
      aria-valuetext={axes.map((axis, m) => `${axis.name} ${axis.format(values[m] ?? 0)}`).join(', ')}
      onKeyDown={onKeyDown}
      onDoubleClick={() => prefer({ wish: {} })}
      {...drag}
    >
      <title>What you wish for: drag it; Delete takes it away</title>
      <path className="hair" d={`M${area.x - left} 0H-12M0 ${area.y + area.height - top}V12`} />
      <circle className="touch" r={TOUCH} />
      <circle className="halo" r={9} />
      <path d={TARGET} />
    </g>
  );
}
