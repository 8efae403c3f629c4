import { useContext } from 'react';
import type { Goal } from '../../store/objectives.ts';
import type { PlotPoint } from '../../store/plotted.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { spokenCoefficients } from '../charts/coefficients.tsx';
import { HoverContext } from './hover.ts';
import { valueWithUnit } from './units.ts';

interface PointMarkProps {
  readonly plotted: PlotPoint;
  /** Of the horizontal and of the vertical axis. */
  readonly goals: readonly Goal[];
  readonly at: readonly [number, number];
  /** Left out by brushes or floors. */
  readonly out: boolean;
  readonly active: boolean;
  /** The one point that the tab key reaches. */
  readonly reachable: boolean;
}

/** Where a measured merge came from, as a shape: moved sliders ●, planned design ■, measured when the zoo was made ▲, a file ◆. */
export const SOURCES = {
  slider: { name: 'your merges', path: 'M0 -4A4 4 0 1 1 0 4A4 4 0 1 1 0 -4Z' },
  design: { name: 'planned', path: 'M-3.5 -3.5H3.5V3.5H-3.5Z' },
  zoo: { name: 'precomputed', path: 'M0 -4.6L4.4 3.2H-4.4Z' },
  file: { name: 'from a file', path: 'M0 -5L4 0L0 5L-4 0Z' },
} as const;

export function PointMark({ plotted, goals, at, out, active, reachable }: PointMarkProps) {
  const { setTarget, adopt } = useContext(HoverContext);
  const space = useStudio(selectSpace);
  const { point, own, best, x, y } = plotted;
  const target = { kind: 'measured', plotted } as const;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button element cannot stand inside a drawing
    <g
      className={`point ${own ? (best ? 'best' : 'own') : 'other'} ${out ? 'out' : ''} ${active ? 'active' : ''}`}
      transform={`translate(${at[0]} ${at[1]})`}
      data-point={point.mergeId}
      data-x={x}
      data-source={point.source}
      role="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={`Use ${spokenCoefficients(point.recipe, space)}: ${[x, y].map((value, m) => valueWithUnit(goals[m]?.unit ?? 'share', value)).join(' and ')}`}
      onFocus={() => setTarget(target)}
      onBlur={() => setTarget(undefined)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        adopt(target);
      }}
    >
      {active && <circle className="ring" r={9} />}
      <path d={SOURCES[point.source].path} />
    </g>
  );
}
