import { type KeyboardEvent, useState } from 'react';

interface LimitBoxProps {
  readonly label: string;
  /** Undefined: no limit, an empty box. */
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  /** What a value is multiplied by to be written: 100 for a share in percent. */
  readonly factor?: number;
  readonly onSet: (value: number | undefined) => void;
}

/** As many digits as tell two limits apart. */
const DIGITS = 3;

/** A number that may be missing. It counts when the box is left or Enter is pressed; Escape takes it back. */
export function LimitBox({ label, value, min, max, factor = 1, onSet }: LimitBoxProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const written = value === undefined ? '' : String(Number((value * factor).toPrecision(DIGITS)));
  const commit = () => {
    setDraft(null);
    if (draft === null || draft.trim() === written) return;
    const typed = Number(draft.replace(',', '.').replace('−', '-').replace('%', ''));
    if (draft.trim() === '') onSet(undefined);
    else if (Number.isFinite(typed)) onSet(Math.min(max, Math.max(min, typed / factor)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    if (event.key === 'Escape') setDraft(null);
  };
  return (
    <input
      className="number limit-box"
      type="text"
      inputMode="decimal"
      aria-label={label}
      title={`${min * factor} to ${max * factor}, empty for none`}
      placeholder="–"
      value={draft ?? written}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
