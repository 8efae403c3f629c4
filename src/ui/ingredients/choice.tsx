import { useControlHelp } from '../../store/handbook.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Term } from '../controls/term.tsx';
import type { ChoiceControl } from './methods.ts';

interface ChoiceProps {
  readonly method: string;
  readonly name: string;
  readonly control: ChoiceControl;
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

/** Characters that fit side by side in the column. */
const ROOM = 34;

/** A choice among named options: side by side where they fit, else as a list to open. */
export function Choice({ method, name, control, value, onChoose }: ChoiceProps) {
  const help = useControlHelp(method, name);
  const fits = control.options.reduce((sum, option) => sum + option.name.length + 2, 0) <= ROOM;
  return (
    <div className="choice" data-control={name}>
      <div className="control-head">
        <Term help={help?.help}>{control.name}</Term>
      </div>
      {fits ? (
        <Segmented
          label={control.name}
          options={control.options.map((option) => ({ ...option, help: help?.options?.[option.value] }))}
          value={value}
          onChoose={onChoose}
        />
      ) : (
        <select aria-label={control.name} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
          {control.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
      <p className="hint">{help?.options?.[value]}</p>
    </div>
  );
}
