import { useCallback } from 'react';
import type { Pen } from '../picture/pen.ts';
import { Layer } from './layer.tsx';
import type { Frame } from './layout.ts';
import { type Bold, paintBold, paintContext, paintSelection } from './paint.ts';
import type { ParallelLine } from './types.ts';
import { useColours } from './use-colours.ts';

interface LinesCanvasProps {
  readonly frame: Frame;
  readonly lines: readonly ParallelLine[];
  readonly heights: Float32Array;
  readonly selection: readonly boolean[];
  /** Whether anything is kept out of the selection. */
  readonly limited: boolean;
  /** Drawn above all others, in this order: they alone are drawn again when the merge on the screen moves. */
  readonly bold: readonly Bold[];
}

/** Three sheets, by how often they change: all lines in grey, the selection, and the lines that stand out. */
export function LinesCanvas({ frame, lines, heights, selection, limited, bold }: LinesCanvasProps) {
  const colours = useColours();
  const context = useCallback(
    (sheet: Pen) => paintContext(sheet, { frame, lines, heights }, colours),
    [frame, lines, heights, colours],
  );
  const selected = useCallback(
    (sheet: Pen) => paintSelection(sheet, { frame, lines, heights }, selection, colours),
    [frame, lines, heights, selection, colours],
  );
  const top = useCallback(
    (sheet: Pen) => {
      for (const each of bold) paintBold(sheet, frame, each, colours);
      return [].values();
    },
    [frame, bold, colours],
  );
  return (
    <div className="parallel-sheets" aria-hidden="true">
      {limited && <Layer box={frame} paint={context} />}
      <Layer box={frame} paint={selected} />
      <Layer box={frame} paint={top} />
    </div>
  );
}
