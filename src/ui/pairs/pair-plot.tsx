import { type KeyboardEvent, type MouseEvent, useMemo, useRef } from 'react';
import { ticksOf, tickText } from '../parallel/layout.ts';
import type { ParallelAxis, ParallelLine, ParallelPlotProps } from '../parallel/types.ts';
import { spoken } from '../parallel/words.ts';
import { BoxLayer } from '../pareto/box-layer.tsx';
import { FloorLayer } from '../pareto/floor-layer.tsx';
import { type GoalAxes, percentText } from '../pareto/goal-axis.ts';
import { nearest } from '../pareto/plot-axis.ts';
import { Star } from '../pareto/star.tsx';
import { useStarLook } from '../pareto/star-look.ts';
import type { Place } from '../pareto/use-place.ts';
import { useWidth } from '../use-width.ts';
import { PairCanvas, type Spot } from './pair-canvas.tsx';

interface Side {
  readonly axis: ParallelAxis;
  /** Of the axis among all axes, and so among the values of a line. */
  readonly index: number;
}

interface PairPlotProps {
  readonly x: Side;
  readonly y: Side;
  readonly plot: ParallelPlotProps;
  /** All lines but the merge on the screen, and whether each is in the selection. */
  readonly merges: readonly ParallelLine[];
  readonly selection: readonly boolean[];
}

const HEIGHT = 200;
/** Above and below: the names of the axes. */
const PADDING = { left: 34, right: 10, top: 22, bottom: 34 };
/** Pixels within which a pointer means a point. */
const REACH = 12;

/** Two of three tasks against each other. */
export function PairPlot({ x, y, plot, merges, selection }: PairPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const place = useMemo(() => placeOf(width, x.axis, y.axis), [width, x.axis, y.axis]);
  const axes = useGoalAxes(x.axis, y.axis);
  const spots = useMemo(() => spotsOf(merges, selection, place, x.index, y.index), [merges, selection, place, x, y]);
  const find = (event: MouseEvent<SVGElement>) => {
    const bounds = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    const at = [event.clientX - (bounds?.left ?? 0), event.clientY - (bounds?.top ?? 0)] as const;
    const near = (kept: boolean) =>
      nearest(
        spots.filter((each) => each.kept === kept),
        (each) => each.at,
        at,
        REACH,
      );
    return (near(true) ?? near(false))?.line;
  };
  const name = `${x.axis.name} against ${y.axis.name}`;
  return (
    <div className="pair-plot" ref={box}>
      {width > 0 && (
        <>
          <PairCanvas spots={spots} width={width} height={HEIGHT} />
          <svg width={width} height={HEIGHT} aria-label={name}>
            <Scales x={x.axis} y={y.axis} place={place} />
            <BoxLayer axes={axes} place={place}>
              <Cursor name={name} place={place} spots={spots} plot={plot} find={find} />
            </BoxLayer>
            <Ring spots={spots} hovered={plot.hovered} />
            <FloorLayer axes={axes} place={place} />
            <Now plot={plot} place={place} x={x.index} y={y.index} />
          </svg>
        </>
      )}
    </div>
  );
}

/** An accuracy's axis is called by its objective, which floors are kept by. */
const TASK = /^task /;

function useGoalAxes(x: ParallelAxis, y: ParallelAxis): GoalAxes {
  return useMemo(() => {
    const axis = ({ id, name, domain }: ParallelAxis) => ({
      goal: id.replace(TASK, ''),
      name,
      domain,
      format: percentText,
    });
    return [axis(x), axis(y)];
  }, [x, y]);
}

function placeOf(width: number, x: ParallelAxis, y: ParallelAxis): Place {
  const { left, right, top, bottom } = PADDING;
  const area = { x: left, y: top, width: Math.max(1, width - left - right), height: HEIGHT - top - bottom };
  const share = ({ domain: [low, high] }: ParallelAxis, value: number) =>
    high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  return { area, at: (a, b) => [area.x + share(x, a) * area.width, area.y + (1 - share(y, b)) * area.height] };
}

function spotsOf(
  merges: readonly ParallelLine[],
  selection: readonly boolean[],
  place: Place,
  i: number,
  j: number,
): readonly Spot[] {
  return merges.flatMap((line, m) => {
    const [a, b] = [line.values[i], line.values[j]];
    return a === undefined || b === undefined ? [] : [{ line, at: place.at(a, b), kept: selection[m] === true }];
  });
}

/** Hairlines at the ticks, and the axes named where they end. */
function Scales({ x, y, place }: { readonly x: ParallelAxis; readonly y: ParallelAxis; readonly place: Place }) {
  const { area } = place;
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  return (
    <g className="scales">
      {ticksOf(x.domain, { top: 0, bottom: area.width }).map((value) => (
        <g key={value} transform={`translate(${place.at(value, 0)[0]} 0)`}>
          <line y1={area.y} y2={bottom} />
          <text y={bottom + 13} textAnchor="middle">
            {tickText(x, value).replace(/\s*%$/, '')}
          </text>
        </g>
      ))}
      {ticksOf(y.domain, { top: area.y, bottom }).map((value) => (
        <g key={value} transform={`translate(0 ${place.at(0, value)[1]})`}>
          <line x1={area.x} x2={right} />
          <text x={area.x - 5} dy="0.35em" textAnchor="end">
            {tickText(y, value).replace(/\s*%$/, '')}
          </text>
        </g>
      ))}
      <text className="name" x={right} y={bottom + 28} textAnchor="end">
        {x.name} →
      </text>
      <text className="name" x={0} y={area.y - 9}>
        ↑ {y.name}
      </text>
    </g>
  );
}

interface CursorProps {
  readonly name: string;
  readonly place: Place;
  readonly spots: readonly Spot[];
  readonly plot: ParallelPlotProps;
  find(event: MouseEvent<SVGElement>): ParallelLine | undefined;
}

/** Where pointer and keys read and take the points: arrows go along the horizontal axis. */
function Cursor({ name, place, spots, plot, find }: CursorProps) {
  const order = useMemo(() => spots.filter(({ kept }) => kept).sort((a, b) => a.at[0] - b.at[0]), [spots]);
  const now = order.findIndex(({ line }) => line.id === plot.hovered);
  const line = order[now]?.line;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const next = by && order[Math.min(order.length - 1, Math.max(0, now + by))];
    if (next) plot.onHover(next.line.id);
    else if (event.key === 'Enter' && line) plot.onChoose(line.id);
    else return;
    event.preventDefault();
  };
  return (
    <rect
      className="cursor"
      {...place.area}
      role="spinbutton"
      tabIndex={0}
      aria-label={`Merge in ${name}; Enter sets the sliders to it`}
      aria-valuemin={0}
      aria-valuemax={order.length}
      aria-valuenow={now + 1}
      aria-valuetext={line ? spoken(plot.axes, line) : 'none'}
      onPointerMove={(event) => plot.onHover(find(event)?.id)}
      onPointerLeave={() => plot.onHover(undefined)}
      onClick={(event) => {
        const found = find(event);
        if (found) plot.onChoose(found.id);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => plot.onHover(undefined)}
    />
  );
}

function Ring({ spots, hovered }: { readonly spots: readonly Spot[]; readonly hovered: string | undefined }) {
  const spot = spots.find(({ line }) => line.id === hovered);
  return spot ? <circle className="ring" cx={spot.at[0]} cy={spot.at[1]} r={8} /> : null;
}

interface NowProps {
  readonly plot: ParallelPlotProps;
  readonly place: Place;
  readonly x: number;
  readonly y: number;
}

function Now({ plot, place, x, y }: NowProps) {
  const look = useStarLook();
  const values = plot.lines.find(({ kind }) => kind === 'now')?.values;
  const [a, b] = [values?.[x], values?.[y]];
  if (a === undefined || b === undefined) return null;
  return <Star at={place.at(a, b)} look={look} size={6} />;
}
