import { groupsOf, heightAt } from './layout.ts';
import type { ParallelPlotProps } from './types.ts';
import type { Scene } from './use-scene.ts';

/** Pixels between two names at least. */
const LINE = 13;
/** Share of the way to the next axis at which names are centred: its own numbers stand left of it. */
const NAME_PLACE = 0.36;

/** Lines that have a name, such as the balanced merge: drawn a little stronger, and named where the groups of axes part. */
export function NamedLines({ plot, scene }: { readonly plot: ParallelPlotProps; readonly scene: Scene }) {
  const { axes, lines, named = [] } = plot;
  const { frame } = scene;
  const gap = groupsOf(axes)[1]?.first ?? axes.length - 1;
  const right = frame.xs[gap] ?? 0;
  const left = frame.xs[gap - 1] ?? right;
  const x = left + NAME_PLACE * (right - left);
  const placed = named.flatMap(({ id, name }) => {
    const line = lines.find((each) => each.id === id);
    if (!line) return [];
    const heights = axes.map((axis, k) => {
      const value = line.values[k];
      return value === undefined ? undefined : heightAt(axis.domain, frame, value);
    });
    const [before, after] = [heights[gap - 1], heights[gap]];
    return [{ id, name, line, heights, y: ((before ?? after ?? 0) + (after ?? before ?? 0)) / 2 }];
  });
  // From above, each name below the one before it.
  let last = Number.NEGATIVE_INFINITY;
  const labels = [...placed]
    .sort((a, b) => a.y - b.y)
    .map(({ id, name, y }) => {
      last = Math.max(y, last + LINE);
      return { id, name, y: last };
    });
  return (
    <g className="named-lines" pointerEvents="none">
      {placed.map(({ id, line, heights }) => (
        <path key={id} className={line.kind} d={pathOf(frame.xs, heights)} />
      ))}
      {labels.map(({ id, name, y }) => (
        <text key={id} x={x} y={y - 3}>
          {name}
        </text>
      ))}
    </g>
  );
}

function pathOf(xs: readonly number[], heights: readonly (number | undefined)[]): string {
  let open = false;
  return heights
    .map((height, k) => {
      if (height === undefined) {
        open = false;
        return '';
      }
      const step = `${open ? 'L' : 'M'}${xs[k]?.toFixed(1)},${height.toFixed(1)}`;
      open = true;
      return step;
    })
    .join('');
}
