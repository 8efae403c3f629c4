import { useRef } from 'react';
import { Count } from './count.tsx';
import { Detail } from './detail.tsx';
import { Drawing } from './drawing.tsx';
import type { ParallelPlotProps } from './types.ts';
import { useBox } from './use-box.ts';
import './parallel.css';

/** One axis has nothing to be parallel to. */
const FEWEST_AXES = 2;

/**
 * Parallel coordinates: every merge a line across its coefficients and its accuracies. Brushes and floors keep
 * lines; the others stay as grey context.
 *
 * `now` may move in every frame: the other lines are drawn again only when one of their objects is another one.
 */
export function ParallelPlot(props: ParallelPlotProps) {
  if (props.axes.length < FEWEST_AXES || props.lines.length === 0) {
    return (
      <p className="parallel-empty">
        Each measured merge will be a line here, from its coefficients to its accuracies: move a slider, or measure
        points.
      </p>
    );
  }
  return <Plot {...props} />;
}

function Plot(props: ParallelPlotProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const box = useBox(scroller, stage);
  const { axes, lines, hovered } = props;
  const read = lines.find(({ id }) => id === hovered) ?? lines.find(({ kind }) => kind === 'now');
  return (
    <div className="parallel">
      <Count plot={props} hint="Drag along an axis to select, ◁ for a floor, or click a name." />
      <Detail axes={axes} line={read} />
      <div className="parallel-scroll" ref={scroller}>
        <div className="parallel-stage" ref={stage}>
          {box && <Drawing plot={props} box={box} />}
        </div>
      </div>
    </div>
  );
}
