import { PUBLISHED_NAME, usePlotNames } from './plot-names.ts';
import { usePlace } from './use-place.ts';
import { usePlaced } from './use-plot.ts';

/** What the published fit promises in the published box: for comparison, so it cannot be clicked. */
export function PublishedLayer() {
  const place = usePlace();
  const front = usePlaced((explored) => explored.published?.front);
  const { published: name } = usePlotNames();
  if (!place || front.length < 2) return null;
  const line = front.map(({ x, y }) => place.at(x, y)).sort(([a], [b]) => a - b);
  return (
    <g className="front published" pointerEvents="none" data-published={front.length}>
      <path d={`M${line.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`} />
      {name && (
        <text x={name.x + name.label.dx} y={name.y + name.label.dy} textAnchor={name.label.anchor}>
          {PUBLISHED_NAME}
        </text>
      )}
    </g>
  );
}
