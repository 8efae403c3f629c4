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
      {!props.axes[0].reversed && <Floor side={0} {...props} />}
      {!props.axes[1].reversed && <Floor side={1} {...props} />}
    </g>
  );
}

interface FloorProps extends FloorLayerProps {
  /** Horizontal or vertical axis. */
  readonly side: 0 | 1;
}

/** What a finger hits around a handle. */
const TOUCHES = [
  { x: -10, y: -10, width: 28, height: 28 },
  { x: -20, y: -20, width: 28, height: 28 },
] as const;
/** Handles point to where they are dragged: to the right, and up. */
const HANDLES = ['M0 0L10 5L0 10Z', 'M0 0L-5 -10L-10 0Z'] as const;

function Floor({ side, axes, place }: FloorProps) {
  const axis = axes[side];
  const floor = useStudio((state) => state.floors[axis.goal]);
  const setFloor = useStudio((state) => state.setFloor);
  const [low, high] = axis.domain;
  const value = Math.min(high, Math.max(low, floor ?? low));
  const remove = () => setFloor(axis.goal, undefined);
  const move = (next: number) => setFloor(axis.goal, next > low ? next : undefined);
  const drag = usePlotDrag({ move: (to) => move(dragged(axis, valuesAt(axes, place, to)[side])) });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepped(axis, value, event.key);
    const removes = event.key === 'Delete' || event.key === 'Backspace';
    if (next === undefined && !removes) return;
    event.preventDefault();
    if (next === undefined) remove();
    else move(next);
  };
  const { area } = place;
  const left = side === 0 ? place.at(value, axes[1].domain[0])[0] : area.x + area.width;
  const top = side === 0 ? area.y : place.at(axes[0].domain[0], value)[1];
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
      onDoubleClick={remove}
      {...drag}
    >
      <title>{`Drag to set a floor: merges below it in ${axis.name} are left out`}</title>
      {floor !== undefined && <Line side={side} place={place} left={left} top={top} text={axis.format(floor)} />}
      <rect className="touch" {...TOUCHES[side]} rx={4} />
      <path d={HANDLES[side]} />
    </g>
  );
}

/** Pixels around a line that take hold of it. */
const REACH = 4;
/** Pixels that the text of a floor takes. */
const TEXT_ROOM = 60;

interface LineProps extends Pick<FloorProps, 'side' | 'place'> {
  /** Where the handle is. */
  readonly left: number;
  readonly top: number;
  readonly text: string;
}

/** The line of a floor that is set, what lies below it, and its value. */
function Line({ side, place: { area }, left, top, text }: LineProps) {
  const bottom = area.y + area.height;
  const line = side === 0 ? { x2: 0, y2: area.height } : { x2: -area.width, y2: 0 };
  const below =
    side === 0
      ? { x: area.x - left, width: left - area.x, height: area.height }
      : { x: -area.width, width: area.width, height: bottom - top };
  const atEnd = side === 0 && area.x + area.width - left < TEXT_ROOM;
  const label = side === 1 ? { x: 6 - area.width, y: -4 } : { x: atEnd ? -4 : 14, y: 12 };
  return (
    <>
      <rect className="below" {...below} />
      <line className="hold" {...line} strokeWidth={2 * REACH} />
      <line className="rule" {...line} />
      <text {...label} textAnchor={atEnd ? 'end' : 'start'}>
        ≥ {text}
      </text>
    </>
  );
}
