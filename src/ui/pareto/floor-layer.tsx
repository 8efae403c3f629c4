import type { KeyboardEvent } from 'react';
import { useStudio } from '../../store/studio.ts';
import { dragged, stepped } from '../parallel/brush.ts';
import { type GoalAxes, valuesAt } from './goal-axis.ts';
import type { Place } from './use-place.ts';
import { usePlotDrag } from './use-plot-drag.ts';
import './limits.css';

interface FloorLayerProps {
  readonly axes: GoalAxes;
  readonly place: Place;
}

/** The least value that a goal may have, as a line per axis that is dragged in from where the axis begins. */
export function FloorLayer(props: FloorLayerProps) {
  return (
    <g className="floors">
      <FloorLine side={0} {...props} />
      <FloorLine side={1} {...props} />
    </g>
  );
}

/** What a finger hits around a handle. */
const TOUCH = { x: -10, y: -10, width: 28, height: 28 };
/** What a pointer hits along a line. */
const REACH = 4;
/** Handles point to where they are dragged: to the right, and up. */
const HANDLES = ['M0 0L10 5L0 10Z', 'M0 0L-5 -10L-10 0Z'] as const;
/** Pixels that the text of a floor takes. */
const TEXT_ROOM = 60;

function FloorLine({ side, axes, place }: FloorLayerProps & { readonly side: 0 | 1 }) {
  const axis = axes[side];
  const floor = useStudio((state) => state.floors[axis.goal]);
  const setFloor = useStudio((state) => state.setFloor);
  const [low, high] = axis.domain;
  const value = Math.min(high, Math.max(low, floor ?? low));
  const move = (next: number) => setFloor(axis.goal, next > low ? next : undefined);
  const drag = usePlotDrag({ move: (to) => move(dragged(axis, valuesAt(axes, place, to)[side])) });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepped(axis, value, event.key);
    const removes = event.key === 'Delete' || event.key === 'Backspace';
    if (next === undefined && !removes) return;
    event.preventDefault();
    if (next === undefined) setFloor(axis.goal, undefined);
    else move(next);
  };
  const { area } = place;
  const right = area.x + area.width;
  const [left, top] = side === 0 ? [place.at(value, axes[1].domain[0])[0], area.y] : [right, place.at(low, value)[1]];
  const line = side === 0 ? { x2: 0, y2: area.height } : { x2: -area.width, y2: 0 };
  const below = side === 0 ? { x: area.x - left, width: left - area.x, height: area.height } : belowOf(place, top);
  const ended = side === 0 && right - left < TEXT_ROOM;
  return (
    <g
      className={floor === undefined ? 'floor-line resting' : 'floor-line'}
      transform={`translate(${left} ${top})`}
      role="slider"
      tabIndex={0}
      aria-label={`floor ${axis.name}`}
      aria-orientation={side === 0 ? 'horizontal' : 'vertical'}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={value}
      aria-valuetext={floor === undefined ? `${axis.format(value)}, no limit` : axis.format(floor)}
      data-floor={axis.goal}
      onKeyDown={onKeyDown}
      onDoubleClick={() => setFloor(axis.goal, undefined)}
      {...drag}
    >
      <title>{`Drag to set a floor: no merge below it in ${axis.name}`}</title>
      {floor !== undefined && (
        <>
          <rect className="below" {...below} />
          <line className={side === 0 ? 'hold' : 'hold level'} {...line} strokeWidth={2 * REACH} />
          <line className="rule" {...line} />
        </>
      )}
      <rect className="touch" {...TOUCH} {...(side === 1 && { x: -20, y: -20 })} rx={4} />
      <path d={HANDLES[side]} />
      {floor !== undefined && (
        <text
          x={side === 0 ? (ended ? -4 : 14) : -14}
          y={side === 0 ? 12 : -4}
          textAnchor={side === 1 || ended ? 'end' : 'start'}
        >
          ≥ {axis.format(floor)}
        </text>
      )}
    </g>
  );
}

const belowOf = ({ area }: Place, top: number) => ({
  x: -area.width,
  width: area.width,
  height: area.y + area.height - top,
});
