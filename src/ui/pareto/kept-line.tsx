import { useMemo } from 'react';
import { selectKeeper } from '../../store/kept.ts';
import { useStudio } from '../../store/studio.ts';
import type { Plot } from './use-plot.ts';
import './limits.css';

/** How many measured merges brushes and floors keep, and the way back to all; without limits how to set some. */
export function KeptLine({ plot: { points, split } }: { readonly plot: Plot }) {
  const keeper = useStudio(selectKeeper);
  const clear = useStudio((state) => state.clearLimits);
  const text = useMemo(() => {
    if (!keeper) return '';
    const own = points.filter((each) => each.own);
    const kept = own.filter(({ point }) => keeper.measured(point, split)).length;
    return `${kept} of ${own.length} measured merges ${keeper.floorsOnly ? 'above all floors' : 'in the selection'}`;
  }, [keeper, points, split]);
  return (
    <div className="kept-line">
      <span aria-live="polite">{text}</span>
      {keeper ? (
        <button type="button" className="flat" onClick={clear}>
          clear
        </button>
      ) : (
        <span className="hint">
          Drag ▷ or △ for a floor<span className="fine-only">, or over the plot to select</span>.
        </span>
      )}
    </div>
  );
}
