import { useEffect, useRef } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import type { Place } from './use-place.ts';

/** Pixels of a point. */
const SIZE = 4;

interface PointCanvasProps {
  readonly points: readonly PlotPoint[];
  readonly place: Place;
  /** Whether brushes or floors leave a point out. */
  readonly isOut: (point: PlotPoint) => boolean;
}

/** Points beyond what single elements can carry: small, without focus, found by the pointer all the same. */
export function PointCanvas({ points, place, isOut }: PointCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { area } = place;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = area.width * ratio;
    canvas.current.height = area.height * ratio;
    context.scale(ratio, ratio);
    const { color, accentColor } = getComputedStyle(canvas.current);
    const isPale = (point: PlotPoint) => !point.own || isOut(point);
    // What is left out lies underneath.
    for (const pale of [true, false]) {
      context.fillStyle = pale ? color : accentColor;
      context.beginPath();
      for (const point of points) {
        if (isPale(point) !== pale) continue;
        const [left, top] = place.at(point.x, point.y);
        context.rect(left - area.x - SIZE / 2, top - area.y - SIZE / 2, SIZE, SIZE);
      }
      context.fill();
    }
  }, [points, place, area, isOut]);
  if (points.length === 0) return null;
  return (
    <foreignObject {...area} pointerEvents="none">
      <canvas ref={canvas} className="point-canvas" style={{ width: area.width, height: area.height }} />
    </foreignObject>
  );
}
