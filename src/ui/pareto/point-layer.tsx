import { type KeyboardEvent, type MouseEvent, useCallback, useContext, useMemo, useRef } from 'react';
import { selectKeeper } from '../../store/kept.ts';
import type { PlotPoint } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { HoverContext, type Target } from './hover.ts';
import { nearest } from './plot-axis.ts';
import { PointCanvas } from './point-canvas.tsx';
import { PointMark } from './point-mark.tsx';
import { type Place, usePlace } from './use-place.ts';
import { type Plot, useFront } from './use-plot.ts';

/** More marks than this go to a canvas underneath: thousands of elements make the page slow. */
const MOST_ELEMENTS = 250;
/** Pixels within which a pointer is taken to mean a point. */
const REACH = 14;

/** The measured merges, and what pointer and keyboard do with them. */
export function PointLayer({ plot }: { readonly plot: Plot }) {
  const place = usePlace();
  const { target, setTarget, adopt } = useContext(HoverContext);
  const find = useFind(plot, place);
  const group = useRef<SVGGElement>(null);
  const isOut = useOut(plot);
  if (!place) return null;
  const { area } = place;
  const elements = plot.drawn.slice(-MOST_ELEMENTS);
  const focused = target?.kind === 'measured' ? target.plotted.point.mergeId : undefined;
  const first = elements.some(({ point }) => point.mergeId === focused) ? focused : elements.at(-1)?.point.mergeId;
  const onKeyDown = (event: KeyboardEvent) => moveFocus(event, group.current);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer finds the nearest point; each point is a button for the keyboard
    <g
      ref={group}
      className="points"
      onPointerMove={(event) => setTarget(find(event))}
      onPointerLeave={() => setTarget(undefined)}
      onClick={(event) => {
        const found = find(event);
        if (found) adopt(found);
      }}
      onKeyDown={onKeyDown}
    >
      <rect {...area} fill="transparent" />
      <PointCanvas points={plot.drawn.slice(0, -MOST_ELEMENTS)} place={place} isOut={isOut} />
      {elements.map((plotted) => (
        <PointMark
          key={plotted.point.mergeId}
          plotted={plotted}
          goals={plot.goals}
          at={place.at(plotted.x, plotted.y)}
          out={isOut(plotted)}
          active={plotted.point.mergeId === focused}
          reachable={plotted.point.mergeId === first}
        />
      ))}
    </g>
  );
}

/** Whether brushes and floors leave a point out. Those of other studies are pale anyway. */
function useOut({ split }: Plot): (plotted: PlotPoint) => boolean {
  const keeper = useStudio(selectKeeper);
  return useCallback(({ point, own }) => own && keeper?.measured(point, split) === false, [keeper, split]);
}

/** The point, measured before predicted, that a pointer means. */
function useFind(plot: Plot, place: Place | undefined): (event: MouseEvent<SVGGElement>) => Target | undefined {
  const front = useFront();
  return useMemo(() => {
    return (event) => {
      const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
      if (!place || !box) return undefined;
      const pointer = [event.clientX - box.left, event.clientY - box.top] as const;
      const measured = nearest<PlotPoint>(plot.drawn, ({ x, y }) => place.at(x, y), pointer, REACH);
      if (measured) return { kind: 'measured', plotted: measured };
      const compared = plot.compared.flatMap(({ name, points }) => points.map((point) => ({ point, name })));
      const other = nearest(compared, ({ point: { x, y } }) => place.at(x, y), pointer, REACH);
      if (other) return { kind: 'measured', plotted: other.point, set: other.name };
      const predicted = nearest(front, ({ x, y }) => place.at(x, y), pointer, REACH);
      return predicted && { kind: 'predicted', predicted };
    };
  }, [plot.drawn, plot.compared, front, place]);
}

/** Arrow keys go from point to point in the order of the horizontal axis. */
function moveFocus(event: KeyboardEvent, group: SVGGElement | null) {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (by === undefined || !group) return;
  event.preventDefault();
  const marks = [...group.querySelectorAll<SVGGElement>('[data-point]')];
  const order = marks.sort((a, b) => Number(a.dataset.x) - Number(b.dataset.x));
  const now = order.findIndex((mark) => mark.contains(document.activeElement));
  order[Math.min(order.length - 1, Math.max(0, now + by))]?.focus();
}
