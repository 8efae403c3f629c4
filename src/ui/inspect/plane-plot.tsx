import { useEffect, useRef } from 'react';
import { type Grid, type Measure, PLANE_PLACES, valueAt } from '../../store/inspect/landscape.ts';
import type { Behaviour, SeenModel } from '../../store/inspect/subject.ts';
import { expertColour, expertShape, markPath, starPath } from '../experts.ts';
import { useColours } from '../parallel/use-colours.ts';
import { valueText } from './line-plot.tsx';
import { rgbOf } from './pixel-canvas.tsx';
import type { Measured } from './use-measuring.ts';

/** Pixels of the picture per step of the grid, and steps of its colours. */
const FINE = 24;
const BANDS = 12;
/** The strongest colour of the picture, in parts of ink: marks stand out from it. */
const MOST_INK = 0.62;
const SIDE = (PLANE_PLACES - 1) * FINE + 1;

interface PlanePlotProps {
  readonly grid: Grid;
  readonly scores: readonly Measured[];
  readonly marks: readonly {
    readonly model: SeenModel;
    readonly x: number;
    readonly y: number;
    readonly distance: number;
  }[];
  readonly tasks: Behaviour['tasks'];
  readonly task: string | null;
  readonly measure: Measure;
  readonly samples: number;
}

/** Accuracy or loss on a plane of networks, in bands; darker is better. */
export function PlanePlot({ grid, scores, marks, tasks, task, measure }: PlanePlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ink, paper } = useColours();
  const values = grid.places.map((_, i) => {
    const own = scores[i];
    return own && valueAt(own, task, measure);
  });
  const known = values.filter((value) => value !== undefined);
  const low = Math.min(...known);
  const high = Math.max(...known);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(SIDE, SIDE);
    const [from, to] = [rgbOf(paper), rgbOf(ink)];
    for (let row = 0; row < SIDE; row++) {
      for (let col = 0; col < SIDE; col++) {
        const value = interpolated(values, col / FINE, (SIDE - 1 - row) / FINE);
        if (value === undefined) continue;
        const share = high > low ? (value - low) / (high - low) : 0.5;
        const good = measure === 'accuracy' ? share : 1 - share;
        const band = (Math.min(BANDS - 1, Math.floor(good * BANDS)) / (BANDS - 1)) * MOST_INK;
        const at = 4 * (row * SIDE + col);
        for (let channel = 0; channel < 3; channel++) {
          const [start, end] = [from[channel] ?? 0, to[channel] ?? 0];
          image.data[at + channel] = start + band * (end - start);
        }
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  });
  const [width, height] = [grid.x[1] - grid.x[0], grid.y[1] - grid.y[0]];
  const place = (x: number, y: number) => ({ x: (x - grid.x[0]) / width, y: 1 - (y - grid.y[0]) / height });
  const what = `${measure === 'accuracy' ? 'Accuracy' : 'Loss'} ${task === null ? 'over all tasks' : `on ${tasks.find(({ id }) => id === task)?.name}`}`;
  const best = measure === 'accuracy' ? high : low;
  const at = grid.places[values.indexOf(best)];
  const summary =
    known.length === 0
      ? 'Nothing is measured yet.'
      : `${what} from ${valueText(low, measure)} to ${valueText(high, measure)} on ${known.length} places. The best measured place is ${sharesInWords(at?.shares ?? {}, marks)}, darkest in the picture.`;
  return (
    <figure className="inspect-figure plane-plot" data-known={known.length}>
      <div className="plane-frame" style={{ aspectRatio: `${width} / ${height}` }}>
        <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={summary} />
        {marks.map(({ model, x, y, distance }) => {
          const { x: left, y: top } = place(x, y);
          return (
            <span
              key={model.id}
              className="plane-mark"
              data-end={left > 0.7}
              data-model={model.id}
              style={{ left: `${100 * left}%`, top: `${100 * top}%` }}
            >
              <svg width={22} height={22} viewBox="-11 -11 22 22" aria-hidden="true">
                <path d={shapeOf(model)} style={lookOf(model, distance)} />
              </svg>
              <b>{model.name}</b>
            </span>
          );
        })}
      </div>
      <p>{summary}</p>
    </figure>
  );
}

function shapeOf({ role, index }: SeenModel): string {
  if (role === 'merge') return starPath(6);
  return role === 'base' ? markPath('circle', 5) : markPath(expertShape(index), 6);
}

/** Hollow for what is only seen from the plane. */
function lookOf({ role, index }: SeenModel, distance: number) {
  const colour = role === 'expert' ? expertColour(index) : 'var(--ink)';
  return {
    fill: role === 'base' || distance > 0 ? 'var(--paper)' : colour,
    stroke: role === 'expert' ? 'var(--paper)' : colour,
  };
}

/** Bilinear between the four places around; undefined where one of them is not measured. */
function interpolated(values: readonly (number | undefined)[], x: number, y: number): number | undefined {
  const [col, row] = [Math.min(PLANE_PLACES - 2, Math.floor(x)), Math.min(PLANE_PLACES - 2, Math.floor(y))];
  const [fx, fy] = [x - col, y - row];
  const at = (i: number, j: number) => values[(row + j) * PLANE_PLACES + col + i];
  const [a, b, c, d] = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    // Coarse places fill the squares around them until the fine ones are there.
    return values[Math.round(y) * PLANE_PLACES + Math.round(x)];
  }
  return (1 - fy) * ((1 - fx) * a + fx * b) + fy * ((1 - fx) * c + fx * d);
}

/** "0.55 Base − 0.05 Digits + 0.50 Greek". */
function sharesInWords(shares: Readonly<Record<string, number>>, marks: PlanePlotProps['marks']): string {
  return Object.entries(shares)
    .map(([id, share], i) => {
      const sign = share < 0 ? '− ' : i > 0 ? '+ ' : '';
      return `${sign}${Math.abs(share).toFixed(2)} ${marks.find(({ model }) => model.id === id)?.model.name ?? id}`;
    })
    .join(' ');
}
