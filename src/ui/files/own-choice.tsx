import { useFiles } from '../../store/files/store.ts';
import { useControlHelp } from '../../store/handbook.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Term } from '../controls/term.tsx';
import type { ChoiceControl } from '../ingredients/methods.ts';

interface OwnChoiceProps {
  readonly method: string;
  readonly name: string;
  readonly control: ChoiceControl;
  readonly value: string;
}

/** Characters that fit side by side in the column. */
const ROOM = 34;

/** A choice among named options: side by side where they fit, else as a list to open. */
export function OwnChoice({ method, name, control, value }: OwnChoiceProps) {
  const help = useControlHelp(method, name);
  const move = useFiles((state) => state.controlMoved);
  const choose = (next: string) => move(method, name, next);
  const fits = control.options.reduce((sum, option) => sum + option.name.length + 2, 0) <= ROOM;
  return (
    <div className="choice">
      <div className="control-head">
        <Term help={help?.help}>{control.name}</Term>
      </div>
      {fits ? (
        <Segmented label={control.name} options={control.options} value={value} onChoose={choose} />
      ) : (
        <select aria-label={control.name} value={value} onChange={(event) => choose(event.currentTarget.value)}>
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
