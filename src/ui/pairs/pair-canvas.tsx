import { useLayoutEffect, useRef } from 'react';
import type { ParallelLine } from '../parallel/types.ts';
import { useColours } from '../parallel/use-colours.ts';

/** A merge at its place in pixels. */
export interface Spot {
  readonly line: ParallelLine;
  readonly at: readonly [number, number];
  readonly kept: boolean;
}

interface PairCanvasProps {
  readonly spots: readonly Spot[];
  readonly width: number;
  readonly height: number;
}

/** Half the size of a measured and of a predicted point. */
const MEASURED = 2.5;
const PREDICTED = 2;

/** The points: measured ones solid, predicted ones hollow, those out of the selection pale and underneath. */
export function PairCanvas({ spots, width, height }: PairCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useColours();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const ratio = window.devicePixelRatio;
    context.canvas.width = Math.round(width * ratio);
    context.canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    for (const kept of [false, true]) {
      context.fillStyle = context.strokeStyle = kept ? colours.muted : colours.hairline;
      for (const kind of ['estimated', 'measured'] as const) {
        const size = kind === 'measured' ? MEASURED : PREDICTED;
        context.beginPath();
        for (const { line, at, kept: own } of spots) {
          if (own !== kept || line.kind !== kind) continue;
          context.moveTo(at[0] + size, at[1]);
          context.arc(at[0], at[1], size, 0, 2 * Math.PI);
        }
        if (kind === 'measured') context.fill();
        else context.stroke();
      }
    }
  }, [spots, width, height, colours]);
  return <canvas ref={canvas} style={{ width, height }} />;
}
