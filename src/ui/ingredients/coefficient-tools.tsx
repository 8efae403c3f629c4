import { sum, withMean } from '../controls/scale.ts';
import { Icon } from '../icons.tsx';
import type { NumberControl } from './methods.ts';

interface CoefficientToolsProps {
  readonly control: NumberControl;
  readonly values: readonly number[];
  /** Groups of layers, whose sums are normalised each. */
  readonly groups: number;
  /** Absent where the range cannot be unlocked. */
  readonly range: { readonly min: number; readonly max: number } | undefined;
  readonly unlocked: boolean;
  readonly onUnlock: (unlocked: boolean) => void;
  /** Whether the sum is kept; absent where that cannot be chosen. */
  readonly locked: boolean | undefined;
  readonly onLock: ((locked: boolean) => void) | undefined;
  readonly onSet: (values: readonly number[]) => void;
}

/** Each group of layers with a sum of 1, in the proportions that it has. */
function normalised(control: NumberControl, values: readonly number[], groups: number): readonly number[] {
  const experts = values.length / groups;
  const out = [...values];
  for (let group = 0; group < groups; group++) {
    const own = values.filter((_one, i) => i % groups === group);
    withMean(control, own, 1 / experts).forEach((value, expert) => {
      out[expert * groups + group] = value;
    });
  }
  return out;
}

const isOne = (values: readonly number[], groups: number) =>
  Array.from({ length: groups }, (_, group) => sum(values.filter((_one, i) => i % groups === group))).every(
    (total) => Math.abs(total - 1) < 1e-4,
  );

/** Beside the sum of coefficients: make it 1, keep it, and let coefficients go further than usual. */
export function CoefficientTools(props: CoefficientToolsProps) {
  const { control, values, groups, range, unlocked, locked, onLock, onUnlock, onSet } = props;
  const several = values.length > groups;
  return (
    <span className="coefficient-tools">
      {several && (
        <>
          <button
            type="button"
            className="flat"
            title={`Scale all ${control.symbol} so that they add up to 1`}
            disabled={isOne(values, groups)}
            onClick={() => onSet(normalised(control, values, groups))}
          >
            Σ = 1
          </button>
          {onLock && (
            <button
              type="button"
              className="flat-icon"
              aria-pressed={locked}
              aria-label="Keep the sum"
              title={locked ? 'The sum is kept: one up, the others down' : 'Keep the sum while one is moved'}
              onClick={() => onLock(!locked)}
            >
              <Icon name={locked ? 'lock' : 'unlock'} size={14} />
            </button>
          )}
        </>
      )}
      {range && (
        <button
          type="button"
          className="flat-icon"
          aria-pressed={unlocked}
          aria-label="Wider range"
          title={
            unlocked
              ? `Back to ${control.min} … ${control.max} once all values lie in it`
              : `Let ${control.symbol} go from ${range.min} to ${range.max}`
          }
          onClick={() => onUnlock(!unlocked)}
        >
          <Icon name="wider" size={14} />
        </button>
      )}
    </span>
  );
}
