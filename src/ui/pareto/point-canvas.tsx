import { useEffect, useRef } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import { drawnBy, type Pen } from '../picture/pen.ts';
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
    const paint = (pen: Pen) => {
      // What is left out lies underneath.
      for (const pale of [true, false]) {
        pen.fillStyle = pale ? color : accentColor;
        for (const point of points) {
          if (isPale(point) !== pale) continue;
          const [left, top] = place.at(point.x, point.y);
          pen.beginPath();
          pen.arc(left - area.x, top - area.y, SIZE / 2, 0, 2 * Math.PI);
          pen.fill();
        }
      }
      return [].values();
    };
    paint(context);
    drawnBy(canvas.current, paint);
  }, [points, place, area, isOut]);
  if (points.length === 0) return null;
  return (
    <foreignObject {...area} pointerEvents="none">
      <canvas ref={canvas} className="point-canvas" style={{ width: area.width, height: area.height }} />
    </foreignObject>
  );
}
