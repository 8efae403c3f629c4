import { Axis } from './axis.tsx';
import { AxisMenu } from './axis-menu.tsx';
import { Hatching } from './beyond.tsx';
import { Labels } from './labels.tsx';
import type { Box, Frame } from './layout.ts';
import { LinesCanvas } from './lines-canvas.tsx';
import { NamedLines } from './named-lines.tsx';
import type { ParallelPlotProps } from './types.ts';
import { useActions } from './use-actions.ts';
import { usePointing } from './use-pointing.ts';
import { type Scene, useScene } from './use-scene.ts';
import { spoken } from './words.ts';

/** Pixels of an axis' name that can be clicked at most, and between two of them. */
const WIDEST_NAME = 112;
const NAME_GAP = 6;
/** Room for the focus ring around all axes. */
const RING = 20;

/** Lines on canvas; names, axes and handles above them. */
export function Drawing({ plot, box }: { readonly plot: ParallelPlotProps; readonly box: Box }) {
  const scene = useScene(plot, box);
  const { frame } = scene;
  const { pointer, onKeyDown } = usePointing(scene, plot);
  const actions = useActions(plot);
  return (
    <div className="parallel-drawing" style={{ width: frame.width }}>
      <LinesCanvas {...scene} />
      <Labels axes={plot.axes} frame={frame} />
      <Menus plot={plot} frame={frame} />
      <svg width={frame.width} height={frame.height} aria-label="Parallel coordinates" {...pointer}>
        <Hatching />
        <NamedLines plot={plot} scene={scene} />
        <Cursor plot={plot} scene={scene} onKeyDown={onKeyDown} />
        {plot.axes.map((axis, k) => (
          <Axis
            key={axis.id}
            axis={axis}
            frame={frame}
            x={frame.xs[k] ?? 0}
            brush={plot.brushes[axis.id]}
            floor={plot.floors[axis.id]}
            {...actions}
          />
        ))}
      </svg>
    </div>
  );
}

/** From the group's name to the axes' upper ends. */
const NAME = { top: 20, height: 46 };

function Menus({ plot, frame }: { readonly plot: ParallelPlotProps; readonly frame: Frame }) {
  const { axes, brushes, floors, onBrush, onFloor } = plot;
  const width = Math.min(WIDEST_NAME, frame.spacing - NAME_GAP);
  return (
    <div className="parallel-menus">
      {axes.map((axis, k) => (
        <AxisMenu
          key={axis.id}
          axis={axis}
          brush={brushes[axis.id]}
          floor={floors[axis.id]}
          style={{ ...NAME, left: (frame.xs[k] ?? 0) - width / 2, width }}
          onBrush={onBrush}
          onFloor={onFloor}
        />
      ))}
    </div>
  );
}

interface CursorProps {
  readonly plot: ParallelPlotProps;
  readonly scene: Scene;
  readonly onKeyDown: ReturnType<typeof usePointing>['onKeyDown'];
}

/** Where the keyboard goes from line to line. */
function Cursor({ plot, scene, onKeyDown }: CursorProps) {
  const { frame, lines, selection, hovered } = scene;
  const kept = lines.filter((_, i) => selection[i]);
  const index = kept.findIndex(({ id }) => id === hovered?.id);
  const first = frame.xs[0] ?? 0;
  return (
    <rect
      className="cursor"
      x={first - RING}
      y={frame.top - RING / 2}
      width={(frame.xs.at(-1) ?? first) - first + 2 * RING}
      height={frame.bottom - frame.top + RING}
      rx={4}
      role="spinbutton"
      tabIndex={0}
      aria-label="Merge of the selection; Enter sets the sliders to it"
      aria-valuemin={0}
      aria-valuemax={kept.length}
      aria-valuenow={index + 1}
      aria-valuetext={hovered ? spoken(plot.axes, hovered) : 'none'}
      onKeyDown={onKeyDown}
      onBlur={() => plot.onHover(undefined)}
    />
  );
}
