import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from 'react';
import type { ParallelPlotProps } from './types.ts';
import { TREMBLE } from './use-drag.ts';
import type { Scene } from './use-scene.ts';

type Pointing = Pick<ParallelPlotProps, 'onHover' | 'onChoose'>;

/** Brushes and handles are dragged, and hide the lines below them. */
const onGrip = ({ target }: { readonly target: EventTarget }) =>
  target instanceof Element && target.closest('[data-grip]') !== null;

/** The line that follows `from`, by arrows, among those of the selection. */
function neighbour({ lines, selection, hovered }: Scene, key: string): string | undefined {
  const kept = lines.filter((_, i) => selection[i]);
  const index = kept.findIndex(({ id }) => id === hovered?.id);
  const last = kept.length - 1;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return kept[Math.min(last, index + 1)]?.id;
    case 'ArrowLeft':
    case 'ArrowDown':
      return kept[index === -1 ? last : Math.max(0, index - 1)]?.id;
    case 'Home':
      return kept[0]?.id;
    case 'End':
      return kept[last]?.id;
    default:
      return undefined;
  }
}

/** How pointer and keys find and take lines. */
export function usePointing(scene: Scene, { onHover, onChoose }: Pointing) {
  const press = useRef<{ x: number; y: number; touch: boolean }>({ x: 0, y: 0, touch: false });
  const lineAt = (event: MouseEvent<SVGElement>) => {
    if (onGrip(event)) return undefined;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return scene.at(event.clientX - left, event.clientY - top);
  };
  const hover = (id: string | undefined) => {
    if (id !== scene.hovered?.id) onHover(id);
  };
  /** The merge on the screen needs no choosing. */
  const choose = (line: Scene['hovered']) => {
    if (line && line.kind !== 'now') onChoose(line.id);
  };
  const pointer = {
    onPointerDown: (event: PointerEvent) => {
      press.current = { x: event.clientX, y: event.clientY, touch: event.pointerType === 'touch' };
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      if (event.pointerType !== 'touch') hover(event.buttons === 0 ? lineAt(event)?.id : undefined);
    },
    onPointerLeave: (event: PointerEvent) => {
      if (event.pointerType !== 'touch') hover(undefined);
    },
    onClick: (event: MouseEvent<SVGElement>) => {
      const { x, y, touch } = press.current;
      // The end of a drag is a click, too.
      if (onGrip(event) || Math.hypot(event.clientX - x, event.clientY - y) > TREMBLE) return;
      const line = lineAt(event);
      // A finger cannot hover: its first tap reads a line, its second takes it.
      if (touch && line?.id !== scene.hovered?.id) onHover(line?.id);
      else choose(line);
    },
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(scene, event.key);
    if (next !== undefined) onHover(next);
    else if (event.key === 'Escape') onHover(undefined);
    else if (event.key === 'Enter') choose(scene.hovered);
    else return;
    event.preventDefault();
  };
  return { pointer, onKeyDown };
}
