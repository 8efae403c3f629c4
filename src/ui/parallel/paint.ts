/** Draws lines on a canvas. */
import { starCorners } from '../experts.ts';
import type { Pen } from '../picture/pen.ts';
import type { Frame } from './layout.ts';
import type { ParallelLine } from './types.ts';

export interface Colours {
  readonly ink: string;
  readonly muted: string;
  readonly hairline: string;
  readonly paper: string;
}

interface Lines {
  readonly frame: Frame;
  readonly lines: readonly ParallelLine[];
  /** [lines × axes] in pixels, NaN for gaps. */
  readonly heights: Float32Array;
}

/** Lines per stroke: one by one is slow, and hundreds in one path slower still, for their crossings must be resolved. */
const BATCH = 16;
const DASH = [4, 3];
/** Stretches painted at once; the rest follows in the next frames. A few milliseconds, measured without a graphics card. */
const AT_ONCE = 4000;
/** A dashed stretch takes this many times as long. */
const DASHES_COST = 4;
/** With more stretches than this, lines are as thin as the screen can show: wider ones take twenty times as long. */
const CROWD = 1000;
const WIDTHS = { measured: 1, estimated: 0.75 };
/** Half a mark for a value between two gaps, which no stretch shows. */
const LONE = 4;

/** Pale, for the lines outside the selection. */
export function paintContext(context: Pen, lines: Lines, colours: Colours): Iterator<void> {
  context.strokeStyle = colours.hairline;
  return stroke(context, lines, () => true);
}

/** Of one line much is seen, of thousands where they crowd. */
const opacity = (count: number) => Math.min(0.85, Math.max(0.2, 6 / Math.sqrt(count)));

/** The lines of the selection. */
export function paintSelection(
  context: Pen,
  lines: Lines,
  selection: readonly boolean[],
  colours: Colours,
): Iterator<void> {
  context.strokeStyle = colours.muted;
  context.globalAlpha = opacity(selection.filter(Boolean).length);
  return stroke(context, lines, (index) => selection[index] === true);
}

function* stroke(context: Pen, all: Lines, accepts: (index: number) => boolean): Generator<void> {
  const { frame, lines, heights } = all;
  const axes = frame.xs.length;
  const thinnest = 1 / window.devicePixelRatio;
  let left = AT_ONCE;
  for (const kind of ['estimated', 'measured'] as const) {
    const drawn = lines.flatMap((line, i) => (line.kind === kind && accepts(i) ? [i] : []));
    context.lineWidth = drawn.length * axes > CROWD ? Math.min(thinnest, WIDTHS[kind]) : WIDTHS[kind];
    context.setLineDash(kind === 'estimated' ? DASH : []);
    for (let start = 0; start < drawn.length; start += BATCH) {
      const batch = drawn.slice(start, start + BATCH);
      context.beginPath();
      for (const i of batch) trace(context, frame.xs, heights, i * axes);
      context.stroke();
      left -= batch.length * axes * (kind === 'estimated' ? DASHES_COST : 1);
      if (left > 0) continue;
      left = AT_ONCE;
      yield;
    }
  }
}

export interface Bold {
  readonly kind: ParallelLine['kind'];
  readonly heights: Float32Array;
}

/** One line that stands out from the others: thick, on a rim of paper. */
export function paintBold(context: Pen, { xs }: Frame, { kind, heights }: Bold, colours: Colours) {
  context.lineJoin = 'round';
  context.beginPath();
  trace(context, xs, heights, 0);
  context.setLineDash([]);
  context.strokeStyle = colours.paper;
  context.lineWidth = 6;
  context.stroke();
  context.setLineDash(kind === 'estimated' ? DASH : []);
  context.strokeStyle = colours.ink;
  context.lineWidth = kind === 'now' ? 3 : 2;
  context.stroke();
  context.setLineDash([]);
  xs.forEach((x, k) => {
    const y = heights[k] ?? Number.NaN;
    if (!Number.isNaN(y)) corner(context, kind, colours, x, y);
  });
}

const STAR = starCorners(6);
const DOT = 3.5;

/** Where a bold line meets an axis: a star for the merge on the screen, a dot for another, hollow when estimated. */
function corner(context: Pen, kind: ParallelLine['kind'], colours: Colours, x: number, y: number) {
  context.beginPath();
  if (kind === 'now') {
    const [[tipX, tipY] = [0, 0], ...others] = STAR;
    context.moveTo(x + tipX, y + tipY);
    for (const [dx, dy] of others) context.lineTo(x + dx, y + dy);
  } else context.arc(x, y, DOT, 0, 2 * Math.PI);
  context.closePath();
  context.fillStyle = kind === 'estimated' ? colours.paper : colours.ink;
  context.strokeStyle = kind === 'estimated' ? colours.ink : colours.paper;
  context.lineWidth = kind === 'estimated' ? 1.25 : 2;
  context.stroke();
  context.fill();
}

function trace(context: Pen, xs: readonly number[], heights: Float32Array, offset: number) {
  const at = (k: number) => heights[offset + k] ?? Number.NaN;
  let open = false;
  xs.forEach((x, k) => {
    const y = at(k);
    if (Number.isNaN(y)) open = false;
    else if (open) context.lineTo(x, y);
    else {
      open = k + 1 < xs.length && !Number.isNaN(at(k + 1));
      context.moveTo(open ? x : x - LONE, y);
      if (!open) context.lineTo(x + LONE, y);
    }
  });
}
