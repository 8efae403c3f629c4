import type { KeyboardEvent } from 'react';
import { adoptCandidate, selectChoice } from '../../store/choice.ts';
import type { Candidate, Pick } from '../../store/picks.ts';
import { useStudio } from '../../store/studio.ts';
import { useCalm } from '../use-calm.ts';
import type { GoalAxes } from './goal-axis.ts';
import { boxesOf, placeLabels } from './labels.ts';
import { RULES } from './rules.ts';
import type { Place } from './use-place.ts';
import type { Plot } from './use-plot.ts';
import './picks.css';

/** Pixels of a letter at this size; a guess on the wide side. */
const LETTER = 6.2;
/** The same of the names of models. */
const MODEL_LETTER = 6.6;

interface PickLayerProps {
  readonly plot: Plot;
  readonly axes: GoalAxes;
  readonly place: Place;
}

/** What the rules choose, each a ring with a name around its merge; rules that agree share one. */
export function PickLayer({ plot, axes, place }: PickLayerProps) {
  const { picks, total } = useCalm(selectChoice);
  const marks = grouped(total < 2 ? [] : picks).map(({ candidate, rules }) => {
    const [x, y] = place.at(...placeOf(candidate, plot));
    const name = rules.map((rule) => RULES[rule].short).join(' · ');
    return { candidate, name, x, y, width: name.length * LETTER };
  });
  // Names of the models that are compared with stay where they are.
  const models = plot.references.map((reference) => {
    const [x, y] = place.at(reference.x, reference.y);
    return { x, y, width: (reference.name.length + (reference.expert === undefined ? 0 : 7)) * MODEL_LETTER };
  });
  const best = plot.drawn.flatMap(({ best: front, x, y }) => {
    const [left, top] = place.at(x, y);
    return front ? [{ x: left, y: top, width: 0 }] : [];
  });
  const taken = [...boxesOf(models, placeLabels(models, place.area)), ...boxesOf(best.filter(elsewhere(marks)), [])];
  const labels = placeLabels(marks, place.area, taken);
  return (
    <g className="picks">
      {marks.map(({ candidate, name, x, y }, i) => (
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
          <text x={labels[i]?.dx} y={labels[i]?.dy} textAnchor={labels[i]?.anchor}>
            {name}
          </text>
        </g>
      ))}
    </g>
  );
}

type Spot = { readonly x: number; readonly y: number };

const elsewhere =
  (marks: readonly Spot[]) =>
  (spot: Spot): boolean =>
    marks.every(({ x, y }) => x !== spot.x || y !== spot.y);

interface Group {
  readonly candidate: Candidate;
  readonly rules: readonly Pick['rule'][];
}

function grouped(picks: readonly Pick[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { rule, candidate } of picks) {
    const known = groups.get(candidate.id);
    groups.set(candidate.id, { candidate, rules: [...(known?.rules ?? []), rule] });
  }
  return [...groups.values()];
}

/** Chosen on the calibration split, shown where the drawn split has it. */
function placeOf({ id, kind, values }: Candidate, { points }: Plot): readonly [number, number] {
  const drawn = kind === 'measured' ? points.find(({ point }) => point.mergeId === id) : undefined;
  return drawn ? [drawn.x, drawn.y] : [values[0] ?? 0, values[1] ?? 0];
}
