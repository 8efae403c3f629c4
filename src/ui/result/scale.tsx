import { SCALE } from './task-bar.tsx';

/** Percent over the bars of a table. */
export function Scale() {
  return (
    <span className="scale-labels" aria-hidden="true">
      {SCALE.map((share) => (
        <span key={share} style={{ left: `${share * 100}%` }}>
          {share === 1 ? '100 %' : share * 100}
        </span>
      ))}
    </span>
  );
}
