import type { Curves } from '../../store/curve-shapes.ts';

/** Where a plot draws its factors, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Room around the outermost points. */
  readonly pad: number;
}

const HIGHEST = 2;

export const xOf = (k: number, points: number, { width, pad }: Frame): number =>
  pad + (points > 1 ? k / (points - 1) : 0.5) * (width - 2 * pad);

export const yOf = (factor: number, { height, pad }: Frame): number =>
  pad + ((HIGHEST - factor) / HIGHEST) * (height - 2 * pad);

export const factorAtY = (y: number, { height, pad }: Frame): number => HIGHEST * (1 - (y - pad) / (height - 2 * pad));

/** The point nearest to a place from left to right. */
export function pointAtX(x: number, points: number, { width, pad }: Frame): number {
  if (points < 2) return 0;
  const at = Math.round(((x - pad) / (width - 2 * pad)) * (points - 1));
  return Math.min(points - 1, Math.max(0, at));
}

/** One curve from the input to the output; a single point is a level all the way. */
export function CurveLine({
  curve,
  frame,
  colour,
}: {
  readonly curve: Curves[number];
  readonly frame: Frame;
  readonly colour: string;
}) {
  const { points } = curve;
  const all = points.length > 1 ? points : [points[0] ?? 1, points[0] ?? 1];
  const line = all.map((factor, k) => `${xOf(k, all.length, frame)},${yOf(factor, frame)}`).join(' ');
  return <polyline points={line} fill="none" stroke={colour} strokeWidth={1.75} strokeLinejoin="round" />;
}
