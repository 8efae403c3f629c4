import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { percent } from '../charts/format.ts';
import { starPath } from '../experts.ts';
import { nearest } from '../pareto/plot-axis.ts';
import { useWidth } from '../use-width.ts';
import { type Expert, namesOf } from './experts.ts';
import { axesOf, type DrawnNode, isSame, marksOf, type NodeMark, shownTicks } from './places.ts';
import { useCurrent } from './use-plot.ts';

interface NodePlotProps {
  readonly node: DrawnNode;
  /** Experts of the left and of the right side. */
  readonly sides: readonly [readonly number[], readonly number[]];
  readonly experts: readonly Expert[];
  readonly onPoint: (mark: NodeMark | undefined) => void;
  readonly onChoose: (mark: NodeMark) => void;
}

const HEIGHT = 148;
const PAD = { left: 24, right: 8, top: 8, bottom: 18 };
/** Pixels within which a pointer is taken to mean a mark. */
const REACH = 14;

/** The measured merges of a node, the front that is predicted from them, and the merge that the weights prefer. */
export function NodePlot({ node, sides, experts, onPoint, onChoose }: NodePlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [active, setActive] = useState<string>();
  const current = useCurrent();
  const { x, y } = axesOf(node);
  const room = Math.max(1, width - PAD.left - PAD.right);
  const rise = HEIGHT - PAD.top - PAD.bottom;
  const toX = (value: number) => PAD.left + ((value - x.domain[0]) / (x.domain[1] - x.domain[0])) * room;
  const toY = (value: number) => PAD.top + rise - ((value - y.domain[0]) / (y.domain[1] - y.domain[0])) * rise;
  const inside = ({ point }: NodeMark) => point.x >= x.domain[0] && point.y >= y.domain[0];
  const marks = marksOf(node).filter(inside);
  const at = ({ point }: NodeMark) => [toX(point.x), toY(point.y)] as const;
  const point = (mark: NodeMark | undefined) => {
    setActive(mark?.key);
    onPoint(mark);
  };
  const find = (event: PointerEvent<SVGSVGElement> | React.MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearest(marks, at, [event.clientX - box.left, event.clientY - box.top], REACH);
  };
  const solid = marks.filter(({ kind }) => kind !== 'front');
  const reachable = solid.find(({ key }) => key === active) ?? solid.at(-1);
  const front = marks.filter(({ kind }) => kind === 'front').toSorted((a, b) => a.point.x - b.point.x);
  const [left, right] = sides.map((leaves) => namesOf(leaves, experts));
  const star = current && solid.findLast((mark) => isSame(mark.point.coefficients, current));
  const [predicted, measured] = (['predicted', 'measured'] as const).map((kind) => marks.find((m) => m.kind === kind));
  return (
    <div className="node-plot" ref={frame}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          onPointerMove={(event) => point(find(event))}
          onPointerLeave={() => point(undefined)}
          onClick={(event) => {
            const found = find(event);
            if (found) onChoose(found);
          }}
          onKeyDown={moveFocus}
        >
          <title>{`Accuracy on ${left} (across) and on ${right} (up)`}</title>
          <g className="axes">
            {shownTicks(x, room, 28).map((tick) => (
              <text key={tick} x={toX(tick)} y={HEIGHT - 4} textAnchor="middle">
                {Math.round(tick * 100)}
              </text>
            ))}
            {shownTicks(y, rise, 18).map((tick) => (
              <text key={tick} x={PAD.left - 5} y={toY(tick) + 4} textAnchor="end">
                {Math.round(tick * 100)}
              </text>
            ))}
            <path d={`M${PAD.left},${PAD.top}V${PAD.top + rise}H${PAD.left + room}`} />
          </g>
          {front.length > 1 && <path className="front" d={`M${front.map((mark) => at(mark).join()).join('L')}`} />}
          {predicted && measured && <path className="gap" d={`M${at(predicted).join()}L${at(measured).join()}`} />}
          {marks.map((mark) => (
            <Mark
              key={mark.key}
              mark={mark}
              at={at(mark)}
              active={mark.key === active}
              reachable={mark === reachable}
              onPoint={point}
              onChoose={onChoose}
            />
          ))}
          {star && <path className="now" d={starPath(6)} transform={`translate(${at(star).join(' ')})`} />}
        </svg>
      )}
    </div>
  );
}

interface MarkProps {
  readonly mark: NodeMark;
  readonly at: readonly [number, number];
  readonly active: boolean;
  /** The one mark that the tab key reaches. */
  readonly reachable: boolean;
  readonly onPoint: (mark: NodeMark | undefined) => void;
  readonly onChoose: (mark: NodeMark) => void;
}

const RADIUS = { sample: 3, predicted: 5.5, measured: 4.5, front: 4 } as const;
const WORDS = { sample: 'measured', predicted: 'predicted', measured: 'preferred, measured', front: '' } as const;

function Mark({ mark, at, active, reachable, onPoint, onChoose }: MarkProps) {
  const { kind, point } = mark;
  const circle = <circle className={active ? `${kind} active` : kind} cx={at[0]} cy={at[1]} r={RADIUS[kind]} />;
  // A front is a line: its places are found by the pointer and shown when they are.
  if (kind === 'front') return active ? circle : null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button element cannot stand inside a drawing
    <g
      role="button"
      tabIndex={reachable ? 0 : -1}
      data-mark={kind}
      data-x={at[0]}
      aria-label={`Use the ${WORDS[kind]} merge: ${percent(point.x)} and ${percent(point.y)} percent`}
      onFocus={() => onPoint(mark)}
      onBlur={() => onPoint(undefined)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose(mark);
      }}
    >
      {active && <circle className="ring" cx={at[0]} cy={at[1]} r={9} />}
      {circle}
    </g>
  );
}

/** Arrow keys go from mark to mark in the order of the horizontal axis. */
function moveFocus(event: KeyboardEvent<SVGSVGElement>) {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const marks = [...event.currentTarget.querySelectorAll<SVGGElement>('[data-mark]')];
  const order = marks.sort((a, b) => Number(a.dataset.x) - Number(b.dataset.x));
  const now = order.findIndex((mark) => mark.contains(document.activeElement));
  order[Math.min(order.length - 1, Math.max(0, now + by))]?.focus();
}
