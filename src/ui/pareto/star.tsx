import { useId } from 'react';
import { starPath } from '../experts.ts';
import './star.css';

interface StarProps {
  readonly at: readonly [number, number];
  /** 'measured', 'measuring', 'estimated', or 'estimated extrapolated'. */
  readonly look: string;
  readonly size?: number;
}

/**
 * The merge on the screen, always ink and a star: solid when measured, hollow when estimated, hatched too when the estimate
 * lies outside what was sampled, pale when of the merge before.
 */
export function Star({ at, look, size = 7 }: StarProps) {
  const pattern = useId();
  const hatched = look.includes('extrapolated');
  return (
    <g className={`star ${look}`} transform={`translate(${at[0]} ${at[1]})`} pointerEvents="none" data-star={look}>
      {hatched && (
        <pattern id={pattern} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="3" />
          <line x1="0" y1="0" x2="0" y2="3" />
        </pattern>
      )}
      <path d={starPath(size)} style={hatched ? { fill: `url(#${pattern})` } : undefined} />
    </g>
  );
}
