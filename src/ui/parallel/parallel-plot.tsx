import { useMemo, useRef } from 'react';
import { isLimited, selectionOf } from './brush.ts';
import { Detail } from './detail.tsx';
import { Drawing } from './drawing.tsx';
import type { ParallelPlotProps } from './types.ts';
import { useBox } from './use-box.ts';
import { counted } from './words.ts';
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
      <Count {...props} />
      <Detail axes={axes} line={read} />
      <div className="parallel-scroll" ref={scroller}>
        <div className="parallel-stage" ref={stage}>
          {box && <Drawing plot={props} box={box} />}
        </div>
      </div>
    </div>
  );
}

function Count({ axes, lines, brushes, floors, onBrush, onFloor }: ParallelPlotProps) {
  const text = useMemo(() => {
    const merges = lines.filter(({ kind }) => kind !== 'now');
    return counted(selectionOf(axes, merges, brushes, floors));
  }, [axes, lines, brushes, floors]);
  const clear = () => {
    for (const { id } of axes) {
      if (brushes[id]) onBrush(id, undefined);
      if (floors[id] !== undefined) onFloor(id, undefined);
    }
  };
  return (
    <div className="parallel-head">
      <p aria-live="polite">{text}</p>
      {isLimited(axes, brushes, floors) ? (
        <button type="button" className="flat" onClick={clear}>
          clear
        </button>
      ) : (
        <span className="hint">Drag along an axis to keep a range, ◁ to set a floor.</span>
      )}
    </div>
  );
}
