import { memo } from 'react';
import { expertColour } from '../experts.ts';
import { Beyond } from './beyond.tsx';
import { between, dragged, type End, moved, type Range, withEnd } from './brush.ts';
import { Grip } from './grip.tsx';
import { type Frame, heightAt, ticksOf, tickText, valueAt } from './layout.ts';
import type { ParallelAxis, ParallelPlotProps } from './types.ts';
import { useDrag } from './use-drag.ts';

interface AxisProps {
  readonly axis: ParallelAxis;
  readonly frame: Frame;
  readonly x: number;
  readonly brush: Range | undefined;
  readonly floor: number | undefined;
  readonly onBrush: ParallelPlotProps['onBrush'];
  readonly onFloor: ParallelPlotProps['onFloor'];
}

/** Half the width of the strip along an axis in which a drag brushes. */
const STRIP = 12;
/** Half the width of a brush. */
const BRUSH = 6;
const CAP = { x: -9, y: -1.25, width: 18, height: 2.5 };
const TICK = 4;
const TEXT_GAP = 8;
const FLOOR_LEFT = 5;
const FLOOR_PATH = 'M5 0L14 -5V5Z';

/** One axis: its scale, its brush and, for a task, its floor. */
export const Axis = memo(function Axis(props: AxisProps) {
  const { axis, frame, x, brush, floor, onBrush, onFloor } = props;
  const colour = axis.expert === undefined ? 'var(--muted)' : expertColour(axis.expert);
  return (
    <g className="parallel-axis" transform={`translate(${x} 0)`} style={{ color: colour }} data-axis={axis.id}>
      <Beyond axis={axis} frame={frame} />
      <Scale {...props} />
      <Strip {...props} />
      {brush && <Brush axis={axis} frame={frame} brush={brush} onBrush={onBrush} />}
      <BrushEnd end="most" {...props} />
      <BrushEnd end="least" {...props} />
      {axis.kind !== 'coefficient' && <Floor axis={axis} frame={frame} floor={floor} onFloor={onFloor} />}
    </g>
  );
});

/** Heights of texts that stand nearer than this would run into each other. */
const LINE = 13;
/** From an end of a brush to the middle of its text, away from the brush. */
const LIMIT_OFFSET = 7;

/** Heights of the texts of brush and floor. */
function limitTexts({ axis, frame, brush, floor }: AxisProps): readonly number[] {
  const at = (value: number) => heightAt(axis.domain, frame, value);
  const ends = brush ? [at(brush[0]) + LIMIT_OFFSET, at(brush[1]) - LIMIT_OFFSET] : [];
  return floor === undefined ? ends : [...ends, at(floor)];
}

/** The axis and its ticks; those without text whose place a limit's text takes. */
function Scale(props: AxisProps) {
  const { axis, frame } = props;
  const taken = limitTexts(props);
  return (
    <>
      <line className="rule" y1={frame.top} y2={frame.bottom} />
      {ticksOf(axis.domain, frame).map((value) => {
        const height = heightAt(axis.domain, frame, value);
        return (
          <g key={value} className="tick" transform={`translate(0 ${height})`}>
            <line x1={-TICK} />
            {taken.every((other) => Math.abs(other - height) > LINE) && (
              <text x={-TEXT_GAP} dy="0.35em">
                {tickText(axis, value)}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** Where a drag makes a new brush. A press that does not move is the plot's: it chooses a line. */
function Strip({ axis, frame, onBrush }: AxisProps) {
  const at = (height: number) => dragged(axis, valueAt(axis.domain, frame, height));
  const drag = useDrag(at, (anchor, height) => onBrush(axis.id, between(axis, anchor, at(height))));
  const { top, bottom } = frame;
  return <rect className="strip" x={-STRIP} y={top} width={2 * STRIP} height={bottom - top} {...drag} />;
}

type BrushProps = Pick<AxisProps, 'axis' | 'frame' | 'onBrush'>;

function Brush({ axis, frame, brush, onBrush }: BrushProps & { readonly brush: Range }) {
  const value = (height: number) => valueAt(axis.domain, frame, height);
  const drag = useDrag(
    (from) => ({ from, brush }),
    (start, height) => {
      const by = value(height) - value(start.from);
      onBrush(axis.id, moved(axis, start.brush, by));
    },
  );
  const [low, high] = [heightAt(axis.domain, frame, brush[0]), heightAt(axis.domain, frame, brush[1])];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the keyboard there are the brush's two ends
    <rect
      className="brush"
      data-grip
      x={-BRUSH}
      y={high}
      width={2 * BRUSH}
      height={low - high}
      onDoubleClick={() => onBrush(axis.id, undefined)}
      {...drag}
    />
  );
}

function BrushEnd({ end, axis, frame, brush, onBrush }: AxisProps & { readonly end: End }) {
  const side = end === 'least' ? 0 : 1;
  const value = (brush ?? axis.domain)[side];
  const resting = value === axis.domain[side];
  return (
    <Grip
      axis={axis}
      frame={frame}
      label={end === 'least' ? 'at least' : 'at most'}
      className="end"
      value={value}
      resting={resting}
      left={-STRIP}
      onMove={(next) => onBrush(axis.id, withEnd(axis, brush, end, next))}
      onRemove={() => onBrush(axis.id, undefined)}
    >
      <rect className="cap" {...CAP} />
      {!resting && (
        <text x={-TEXT_GAP} y={end === 'least' ? LIMIT_OFFSET : -LIMIT_OFFSET} dy="0.35em">
          {axis.format(value)}
        </text>
      )}
    </Grip>
  );
}

type FloorProps = Pick<AxisProps, 'axis' | 'frame' | 'floor' | 'onFloor'>;

/** The worst value that an objective may have: what lies beyond on its axis is barred. */
function Floor({ axis, frame, floor, onFloor }: FloorProps) {
  const [low, high] = axis.domain;
  const worst = axis.turned ? high : low;
  const height = heightAt(axis.domain, frame, floor ?? worst);
  const barred = axis.turned
    ? { y: frame.top, height: height - frame.top }
    : { y: height, height: frame.bottom - height };
  return (
    <>
      {floor !== undefined && <rect className="barred" {...barred} width={4} />}
      <Grip
        axis={axis}
        frame={frame}
        label={axis.turned ? 'ceiling' : 'floor'}
        className="floor"
        value={floor ?? worst}
        resting={floor === undefined}
        left={FLOOR_LEFT}
        onMove={(next) => onFloor(axis.id, next === worst ? undefined : next)}
        onRemove={() => onFloor(axis.id, undefined)}
      >
        <path d={FLOOR_PATH} />
        {floor !== undefined && (
          <text x={-TEXT_GAP} dy="0.35em">
            {axis.format(floor)}
          </text>
        )}
      </Grip>
    </>
  );
}
