import { NumberBox } from '../controls/number-box.tsx';
import { Term } from '../controls/term.tsx';
import { Icon } from '../icons.tsx';

/** Random streams are keyed by 32 bits. */
const scale = { min: 0, max: 0xffffffff, step: 1, default: 1, integer: true };

interface SeedProps {
  readonly seed: number;
  readonly onSet: (seed: number) => void;
}

/** The seed of the recipe's random choices; "re-roll" takes the next one, so that a draw can be named and found again. */
export function Seed({ seed, onSet }: SeedProps) {
  return (
    <span className="seed">
      <Term help="Fixes every random choice of the method. The same seed always gives the same merge.">seed</Term>
      <NumberBox label="Seed" value={seed} scale={scale} onSet={onSet} />
      <button type="button" className="flat" onClick={() => onSet((seed + 1) % scale.max)}>
        <Icon name="next" size={14} /> Re-roll
      </button>
    </span>
  );
}
