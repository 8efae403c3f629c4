import { selectExtrapolated } from '../../store/sampled.ts';
import { useStudio } from '../../store/studio.ts';
import { Star } from './star.tsx';
import { usePlace } from './use-place.ts';
import { useStar } from './use-plot.ts';

/** The merge on the screen; it alone moves with a slider. */
export function StarLayer() {
  const place = usePlace();
  const star = useStar();
  const extrapolated = useStudio(selectExtrapolated);
  if (!place || !star) return null;
  const look = star.state === 'estimated' && extrapolated ? 'estimated extrapolated' : star.state;
  return <Star at={place.at(star.x, star.y)} look={look} />;
}
