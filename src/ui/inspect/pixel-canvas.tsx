import { useEffect, useRef } from 'react';
import type { PixelMap } from '../../store/inspect/subject.ts';
import { useColours } from '../parallel/use-colours.ts';

interface PixelCanvasProps {
  readonly map: PixelMap;
  /** Values that are drawn as paper and as ink. */
  readonly range: readonly [number, number];
  /** What the picture shows, with its numbers. */
  readonly label: string;
}

/** A matrix as a picture: one pixel per block of entries, enlarged without smoothing. */
export function PixelCanvas({ map, range: [low, high], label }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ink, paper } = useColours();
  const { width, height, values } = map;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(width, height);
    const [from, to] = [rgbOf(paper), rgbOf(ink)];
    values.forEach((value, at) => {
      const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
      for (let channel = 0; channel < 3; channel++) {
        const [start, end] = [from[channel] ?? 0, to[channel] ?? 0];
        image.data[4 * at + channel] = start + share * (end - start);
      }
      image.data[4 * at + 3] = 255;
    });
    context.putImageData(image, 0, 0);
  }, [width, height, values, low, high, ink, paper]);
  return (
    <canvas
      ref={canvas}
      className="pixel-canvas"
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={{ aspectRatio: `${width} / ${Math.max(height, width / 24)}` }}
    />
  );
}

/** "#1c1b19" → [28, 27, 25]. */
export function rgbOf(colour: string): readonly number[] {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour.trim())?.[1];
  return digits ? [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) : [0, 0, 0];
}

/** How much a pixel stands for, in words. */
export const pixelWords = ({ colsPerPixel, rowsPerPixel }: PixelMap): string =>
  colsPerPixel * rowsPerPixel === 1
    ? 'One pixel is one entry.'
    : `One pixel is the mean of ${rowsPerPixel} × ${colsPerPixel} entries.`;
