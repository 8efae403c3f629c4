import { type Frame, heightAt } from './layout.ts';
import type { ParallelAxis } from './types.ts';

/** Id of the hatching, see `Hatching`. */
const PATTERN = 'parallel-beyond';
/** Half the width of what is hatched. */
const HALF = 6;

/** Defines the hatching of a drawing. */
export function Hatching() {
  return (
    <defs>
      <pattern id={PATTERN} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className="hatch" x1="0" y1="0" x2="0" y2="5" />
      </pattern>
    </defs>
  );
}

/** Hatches the stretches of an axis where no merge was measured: estimates only extrapolate there. */
export function Beyond({ axis, frame }: { readonly axis: ParallelAxis; readonly frame: Frame }) {
  const { sampled, domain } = axis;
  if (!sampled) return null;
  const at = (value: number) => heightAt(domain, frame, value);
  const parts = [
    { y: frame.top, height: at(sampled[1]) - frame.top },
    { y: at(sampled[0]), height: frame.bottom - at(sampled[0]) },
  ].filter(({ height }) => height > 1);
  return (
    <g className="beyond">
      {parts.map((part) => (
        <rect key={part.y} x={-HALF} width={2 * HALF} fill={`url(#${PATTERN})`} {...part}>
          <title>No merge was measured here: estimates extrapolate</title>
        </rect>
      ))}
    </g>
  );
}
