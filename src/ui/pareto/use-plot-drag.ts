import { type MouseEvent, type PointerEvent, useRef } from 'react';

/** Pixels that a pressed pointer may tremble without dragging. */
const TREMBLE = 3;

type Spot = readonly [number, number];

interface Drag {
  /** Told of every place, in pixels of the drawing, once the pointer has clearly moved. */
  move(to: Spot, from: Spot): void;
  /**
   * A large area that is also clicked and scrolled by a finger: it takes the pointer only once it has moved, and leaves fingers
   * alone.
   */
  readonly area?: boolean;
}

/** Handlers for an element of a drawing that is dragged in any direction. */
export function usePlotDrag({ move, area = false }: Drag) {
  const held = useRef<{ readonly from: Spot; moving: boolean } | null>(null);
  const dragged = useRef(false);
  const drop = () => {
    dragged.current = held.current?.moving === true;
    held.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0 || (area && event.pointerType === 'touch')) return;
      if (!area) event.currentTarget.setPointerCapture(event.pointerId);
      held.current = { from: spotOf(event), moving: false };
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      const hold = held.current;
      if (!hold) return;
      const to = spotOf(event);
      if (!hold.moving && Math.hypot(to[0] - hold.from[0], to[1] - hold.from[1]) <= TREMBLE) return;
      if (!hold.moving && area) event.currentTarget.setPointerCapture(event.pointerId);
      hold.moving = true;
      move(to, hold.from);
    },
    onPointerUp: drop,
    onPointerCancel: drop,
    // The end of a drag is a click, too, which nothing inside shall hear.
    onClickCapture: (event: MouseEvent) => {
      if (dragged.current) event.stopPropagation();
      dragged.current = false;
    },
  };
}

/** Place of the pointer in the drawing that its target stands in. */
function spotOf({ currentTarget, clientX, clientY }: PointerEvent<SVGElement>): Spot {
  const box = currentTarget.ownerSVGElement?.getBoundingClientRect();
  return [clientX - (box?.left ?? 0), clientY - (box?.top ?? 0)];
}
