import type { KeyboardEvent } from 'react';
import { adoptCandidate } from '../../store/choice.ts';
import { useStudio } from '../../store/studio.ts';
import type { GoalAxes } from './goal-axis.ts';
import { usePlotNames } from './plot-names.ts';
import './picks.css';

interface PickLayerProps {
  readonly axes: GoalAxes;
}

/** What the rules choose, each a ring with a name around its merge; rules that agree share one. */
export function PickLayer({ axes }: PickLayerProps) {
  const { picks } = usePlotNames();
  return (
    <g className="picks">
      {picks.map(({ candidate, name, x, y, label }) => (
        // biome-ignore lint/a11y/useSemanticElements: a button element cannot stand inside a drawing
        <g
          key={candidate.id}
          className={`pick-mark ${candidate.kind}`}
          transform={`translate(${x} ${y})`}
          role="button"
          tabIndex={0}
          data-pick={candidate.id}
          aria-label={`Use ${name}: ${axes.map((axis, m) => `${axis.name} ${axis.format(candidate.values[m] ?? 0)}`).join(', ')}`}
          onClick={() => adoptCandidate(useStudio.getState(), candidate)}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            adoptCandidate(useStudio.getState(), candidate);
          }}
        >
          <circle className="ring" r={7} />
          <text x={label.dx} y={label.dy} textAnchor={label.anchor}>
            {name}
          </text>
        </g>
      ))}
    </g>
  );
}
