import { useMemo } from 'react';
import { isLimited, selectionOf } from './brush.ts';
import type { ParallelPlotProps } from './types.ts';
import { counted } from './words.ts';

/** How many merges are kept, and the way back to all; while all are, how to keep fewer. */
export function Count({ plot, hint }: { readonly plot: ParallelPlotProps; readonly hint: string }) {
  const { axes, lines, brushes, floors, onBrush, onFloor } = plot;
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
        <span className="hint">{hint}</span>
      )}
    </div>
  );
}
