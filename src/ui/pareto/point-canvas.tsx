import { useEffect, useRef } from 'react';
import type { PlotPoint } from '../../store/plotted.ts';
import { drawnBy, type Pen } from '../picture/pen.ts';
import type { Place } from './use-place.ts';

/** Points beyond what single elements can carry: small, pale, without focus, found by the pointer all the same. */
export function PointCanvas({ points, place }: { readonly points: readonly PlotPoint[]; readonly place: Place }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { area } = place;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = area.width * ratio;
    canvas.current.height = area.height * ratio;
    context.scale(ratio, ratio);
    const colour = getComputedStyle(canvas.current).color;
    const paint = (pen: Pen) => {
      pen.fillStyle = colour;
      for (const { x, y } of points) {
        const [px, py] = place.at(x, y);
        pen.beginPath();
        pen.arc(px - area.x, py - area.y, 2.5, 0, 2 * Math.PI);
        pen.fill();
      }
      return [].values();
    };
    paint(context);
    drawnBy(canvas.current, paint);
  }, [points, place, area]);
  if (points.length === 0) return null;
  return (
    <foreignObject {...area} pointerEvents="none">
      <canvas ref={canvas} className="point-canvas" style={{ width: area.width, height: area.height }} />
    </foreignObject>
  );
}
