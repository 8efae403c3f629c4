import { useMemo } from 'react';
import { selectionOf } from '../parallel/brush.ts';
import { Count } from '../parallel/count.tsx';
import { Detail } from '../parallel/detail.tsx';
import type { ParallelPlotProps } from '../parallel/types.ts';
import { PairPlot } from './pair-plot.tsx';
import '../parallel/parallel.css';
import './pairs.css';

/** Every two of the task axes. */
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Three tasks as three scatters of the same merges: what is pointed at or brushed in one shows in the others. */
export function LinkedPairs(plot: ParallelPlotProps) {
  const { axes, lines, brushes, floors, hovered } = plot;
  const tasks = axes.flatMap((axis, index) => (axis.kind === 'task' ? [{ axis, index }] : []));
  const merges = useMemo(() => lines.filter(({ kind }) => kind !== 'now'), [lines]);
  const selection = useMemo(() => selectionOf(axes, merges, brushes, floors), [axes, merges, brushes, floors]);
  const read = lines.find(({ id }) => id === hovered) ?? lines.find(({ kind }) => kind === 'now');
  return (
    <div className="parallel">
      <Count plot={plot} hint="Drag over a plot to select, ▷ or △ for a floor." />
      <Detail axes={axes} line={read} />
      <div className="pairs">
        {PAIRS.map(([i, j]) => {
          const [x, y] = [tasks[i], tasks[j]];
          return x && y && <PairPlot key={`${i}${j}`} x={x} y={y} plot={plot} merges={merges} selection={selection} />;
        })}
      </div>
    </div>
  );
}
