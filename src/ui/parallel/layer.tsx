import { useLayoutEffect, useRef } from 'react';
import { drawnBy, type Paint } from '../picture/pen.ts';
import type { Box } from './layout.ts';

/** On the processor: thousands of thin lines are slower through a graphics library, by far without a graphics card. */
const SETTINGS: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** One sheet of the drawing. It is painted again when its size or its paint changes, and only then. */
export function Layer({ box, paint }: { readonly box: Box; readonly paint: Paint }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = box;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d', SETTINGS);
    if (!context) return;
    const ratio = window.devicePixelRatio;
    // Setting the size also wipes the canvas and all its settings.
    context.canvas.width = Math.round(width * ratio);
    context.canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    drawnBy(context.canvas, paint);
    const work = paint(context);
    let frame = 0;
    const go = () => {
      if (!work.next().done) frame = requestAnimationFrame(go);
    };
    go();
    return () => cancelAnimationFrame(frame);
  }, [width, height, paint]);
  return <canvas ref={canvas} style={{ width, height }} />;
}
