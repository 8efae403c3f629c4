import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { type Curves, FACTOR_SCALE, heightAt, movedPoints } from '../../store/curve-shapes.ts';
import { dragged, stepped } from '../controls/scale.ts';
import { type Frame, factorAtY, pointAtX, xOf, yOf } from './curve-line.tsx';

/** A handle is taken from this far, in pixels. */
const REACH = 14;
/** A movement below this is a click, in pixels. */
const CLICK = 4;
const PAGE = 10;

export interface PointsProps {
  readonly curves: Curves;
  /** The curves that move. */
  readonly whose: readonly number[];
  readonly frame: Frame;
  readonly onMove: (curves: Curves, live: boolean) => void;
}

type Hold =
  | {
      readonly kind: 'points';
      readonly from: Curves;
      readonly k: number;
      readonly points: readonly number[];
      moved: boolean;
    }
  | { readonly kind: 'range'; readonly x: number; readonly y: number; to: number };

const range = (a: number, b: number): number[] =>
  Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i);

/** Selecting and moving the points of curves by pointer and keys. */
export function usePoints({ curves, whose, frame, onMove }: PointsProps) {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [band, setBand] = useState<readonly [number, number] | null>(null);
  const hold = useRef<Hold | null>(null);
  const keyed = useRef<Curves | null>(null);
  const count = curves[0]?.points.length ?? 1;
  const selected = chosen.filter((k) => k < count);

  /** All selected points move with one of them; one that is not selected moves alone. */
  const together = (k: number): readonly number[] => (selected.includes(k) ? selected : [k]);
  const toHeight = (from: Curves, k: number, points: readonly number[], height: number): Curves =>
    movedPoints(from, whose, points, height - heightAt(from, whose, k));
  const placeOf = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    const { x, y } = placeOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    const k = pointAtX(x, count, frame);
    const near = Math.hypot(xOf(k, count, frame) - x, yOf(heightAt(curves, whose, k), frame) - y) <= REACH;
    if (!near) {
      hold.current = { kind: 'range', x, y, to: x };
      return;
    }
    if (event.shiftKey) {
      setChosen(selected.includes(k) ? selected.filter((other) => other !== k) : [...selected, k]);
      return;
    }
    if (!selected.includes(k)) setChosen([k]);
    hold.current = { kind: 'points', from: curves, k, points: together(k), moved: false };
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const held = hold.current;
    if (!held) return;
    const { x, y } = placeOf(event);
    if (held.kind === 'range') {
      held.to = x;
      if (Math.abs(x - held.x) > CLICK) setBand([Math.min(held.x, x), Math.max(held.x, x)]);
      return;
    }
    held.moved = true;
    onMove(toHeight(held.from, held.k, held.points, dragged(FACTOR_SCALE, factorAtY(y, frame))), true);
  };
  const onPointerUp = () => {
    const held = hold.current;
    hold.current = null;
    setBand(null);
    if (held?.kind === 'points') {
      if (held.moved) onMove(curves, false);
    } else if (held) {
      const [a, b] = [pointAtX(held.x, count, frame), pointAtX(held.to, count, frame)];
      if (Math.abs(held.to - held.x) > CLICK) return setChosen(range(a, b));
      setChosen([a]);
      onMove(toHeight(curves, a, [a], dragged(FACTOR_SCALE, factorAtY(held.y, frame))), false);
    }
  };

  const target = (value: number, key: string): number | undefined => {
    switch (key) {
      case 'ArrowUp':
        return stepped(FACTOR_SCALE, value, 1);
      case 'ArrowDown':
        return stepped(FACTOR_SCALE, value, -1);
      case 'PageUp':
        return stepped(FACTOR_SCALE, value, PAGE);
      case 'PageDown':
        return stepped(FACTOR_SCALE, value, -PAGE);
      case 'Home':
        return FACTOR_SCALE.min;
      case 'End':
        return FACTOR_SCALE.max;
      default:
        return undefined;
    }
  };
  const onKeyDown = (event: KeyboardEvent<SVGElement>, k: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const aside = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (aside !== 0) {
      event.preventDefault();
      const next = k + aside;
      const handle = event.currentTarget.parentElement?.querySelector<SVGElement>(`[data-point="${next}"]`);
      if (!handle) return;
      if (event.shiftKey) setChosen([...new Set([...selected, k, next])]);
      handle.focus();
      return;
    }
    const height = target(heightAt(curves, whose, k), event.key);
    if (height === undefined) return;
    event.preventDefault();
    keyed.current = toHeight(curves, k, together(k), height);
    onMove(keyed.current, true);
  };
  const settleKeys = () => {
    if (keyed.current) onMove(keyed.current, false);
    keyed.current = null;
  };
  const onFocus = (k: number) => {
    if (!selected.includes(k)) setChosen([k]);
  };
  return {
    selected,
    band,
    setTo: (height: number) => {
      const [k] = selected;
      if (k !== undefined) onMove(toHeight(curves, k, selected, height), false);
    },
    plane: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp },
    handle: { onKeyDown, onKeyUp: settleKeys, onBlur: settleKeys, onFocus },
  };
}
