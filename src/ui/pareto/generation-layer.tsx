import { useMemo } from 'react';
import { selectPairGoals } from '../../store/objectives.ts';
import { selectGeneration } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { usePlace } from './use-place.ts';
import { placed } from './use-plot.ts';

/** The population of an evolving search, generation by generation: estimated, like the front that it becomes. */
export function GenerationLayer() {
  const place = usePlace();
  const step = useStudio(selectGeneration);
  const goals = useStudio(selectPairGoals);
  const points = useMemo(() => (step ? placed(step.points, goals) : []), [step, goals]);
  if (!place || !step || points.length === 0) return null;
  const dots = points.map(({ x, y }) => {
    const [left, top] = place.at(x, y);
    return `M${left.toFixed(1)},${top.toFixed(1)}h0`;
  });
  return (
    <g className="generation" pointerEvents="none" data-generation={step.generation}>
      <path d={dots.join('')} />
      <text x={place.area.x + 6} y={place.area.y + 14}>
        generation {step.generation} of {step.of}
      </text>
    </g>
  );
}
