/** Everything that is drawn, computed again only when what it depends on has changed. */
import { useMemo } from 'react';
import { isLimited, selectionOf } from './brush.ts';
import { type Box, type Frame, frameOf, heightsOf } from './layout.ts';
import { nearestLine } from './nearest.ts';
import type { Bold } from './paint.ts';
import type { ParallelAxis, ParallelLine, ParallelPlotProps } from './types.ts';
import { sameItems, useKept } from './use-kept.ts';

export interface Scene {
  readonly frame: Frame;
  /** All but the merge on the screen. */
  readonly lines: readonly ParallelLine[];
  readonly heights: Float32Array;
  readonly selection: readonly boolean[];
  readonly limited: boolean;
  readonly bold: readonly Bold[];
  readonly now: ParallelLine | undefined;
  readonly hovered: ParallelLine | undefined;
  /** The line at a place of the drawing; undefined when none is near. */
  at(x: number, y: number): ParallelLine | undefined;
}

/** Pixels from the pointer to the line that it means. */
const REACH = 8;

/** Axes that put every value at the same place. Their texts may differ. */
const samePlaces = (a: readonly ParallelAxis[], b: readonly ParallelAxis[]) =>
  a.length === b.length &&
  a.every(({ id, kind, domain }, i) => id === b[i]?.id && kind === b[i]?.kind && sameItems(domain, b[i].domain));

export function useScene(props: ParallelPlotProps, box: Box): Scene {
  const { brushes, floors } = props;
  const axes = useKept(props.axes, samePlaces);
  const lines = useKept(
    props.lines.filter(({ kind }) => kind !== 'now'),
    sameItems,
  );
  const now = props.lines.find(({ kind }) => kind === 'now');
  const hovered = props.lines.find(({ id }) => id === props.hovered);

  const frame = useMemo(() => frameOf(axes, box), [axes, box]);
  const heights = useMemo(() => heightsOf(axes, lines, frame), [axes, lines, frame]);
  const chosen = useMemo(() => selectionOf(axes, lines, brushes, floors), [axes, lines, brushes, floors]);
  const selection = useKept(chosen, sameItems);
  const bold = useMemo(
    () =>
      [hovered === now ? undefined : hovered, now].flatMap((line) =>
        line ? [{ kind: line.kind, heights: heightsOf(axes, [line], frame) }] : [],
      ),
    [axes, frame, hovered, now],
  );

  const at = (x: number, y: number) => {
    const near = (all: Float32Array, accepts?: (index: number) => boolean) =>
      nearestLine(frame.xs, all, [x, y], REACH, accepts);
    const onTop = now && near(heightsOf(axes, [now], frame));
    const kept = near(heights, (index) => selection[index] === true);
    if (onTop && onTop.distance <= (kept?.distance ?? REACH)) return now;
    // Greyed lines can be read too, where nothing else is near.
    const hit = kept ?? near(heights);
    return hit && lines[hit.index];
  };
  const limited = isLimited(axes, brushes, floors);
  return { frame, lines, heights, selection, limited, bold, now, hovered, at };
}
