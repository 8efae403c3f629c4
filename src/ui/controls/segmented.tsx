import { useId } from 'react';

interface Option<T extends string> {
  readonly value: T;
  readonly name: string;
  readonly help?: string | undefined;
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** A few exclusive options side by side: native radio buttons, so that arrow keys work. */
export function Segmented<T extends string>({ label, options, value, onChoose }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className="segmented" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} title={option.help}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          {option.name}
        </label>
      ))}
    </fieldset>
  );
}
