import { type KeyboardEvent, useState } from 'react';
import { clamp, type Scale, stepped, written } from './scale.ts';

interface NumberBoxProps {
  readonly label: string;
  readonly value: number;
  readonly scale: Scale;
  readonly onSet: (value: number) => void;
}

/** A typed number counts when the box is left or Enter is pressed; Escape takes it back. */
export function NumberBox({ label, value, scale, onSet }: NumberBoxProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const typed = Number((draft ?? '').replace(',', '.').replace('−', '-'));
    if (draft !== null && draft.trim() !== '' && Number.isFinite(typed)) onSet(clamp(scale, typed));
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    if (event.key === 'Escape') setDraft(null);
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      setDraft(null);
      onSet(stepped(scale, value, event.key === 'ArrowUp' ? 1 : -1));
    }
  };
  return (
    <input
      className="number"
      type="text"
      inputMode="decimal"
      aria-label={label}
      title={`${scale.min} to ${scale.max}`}
      value={draft ?? written(scale, value)}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
