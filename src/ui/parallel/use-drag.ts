import { type PointerEvent, useRef } from 'react';

/** Pixels that a pressed pointer may tremble without dragging. */
export const TREMBLE = 3;

/** Height of the pointer in the drawing that its target stands in. */
const heightIn = ({ currentTarget, clientY }: PointerEvent<SVGElement>) =>
  clientY - (currentTarget.ownerSVGElement?.getBoundingClientRect().top ?? 0);

/**
 * Handlers for an element that is dragged up and down.
 * @param grab what to remember from where the drag starts
 * @param move told of every later height, once the pointer has clearly moved
 */
export function useDrag<Start>(grab: (height: number) => Start, move: (start: Start, height: number) => void) {
  const held = useRef<{ start: Start; from: number; moving: boolean } | null>(null);
  const drop = () => {
    held.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const from = heightIn(event);
      held.current = { start: grab(from), from, moving: false };
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      const hold = held.current;
      if (!hold) return;
      const height = heightIn(event);
      hold.moving ||= Math.abs(height - hold.from) > TREMBLE;
      if (hold.moving) move(hold.start, height);
    },
    onPointerUp: drop,
    onPointerCancel: drop,
  };
}
