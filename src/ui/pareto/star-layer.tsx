import { starPath } from '../experts.ts';
import { usePlace } from './use-place.ts';
import { useStar } from './use-plot.ts';

/** The merge on the screen, always ink and a star: solid when measured, hollow when estimated, pale when of the merge before. */
export function StarLayer() {
  const place = usePlace();
  const star = useStar();
  if (!place || !star) return null;
  const [x, y] = place.at(star.x, star.y);
  return (
    <g className={`star ${star.state}`} transform={`translate(${x} ${y})`} pointerEvents="none" data-star={star.state}>
      <path d={starPath(7)} />
    </g>
  );
}
