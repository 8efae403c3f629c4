import { usePlace } from './use-place.ts';
import { usePlaced } from './use-plot.ts';

/** What the published fit promises in the published box: for comparison, so it cannot be clicked. */
export function PublishedLayer() {
  const place = usePlace();
  const front = usePlaced((explored) => explored.published?.front);
  if (!place || front.length < 2) return null;
  const line = front.map(({ x, y }) => place.at(x, y)).sort(([a], [b]) => a - b);
  const [left, top] = line[0] ?? [0, 0];
  return (
    <g className="front published" pointerEvents="none" data-published={front.length}>
      <path d={`M${line.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`} />
      <text x={left + 4} y={top + 14}>
        as published (promised)
      </text>
    </g>
  );
}
