import { type ReactNode, useId } from 'react';
import type { Behaviour } from '../../store/inspect/subject.ts';

interface ListProps {
  /** Before the list. */
  readonly name: string;
  /** In full, where the name is not. */
  readonly label?: string;
  readonly value: string;
  readonly onChoose: (value: string) => void;
  /** Its options. */
  readonly children: ReactNode;
}

/** A short list in a line of tools. */
export function List({ name, label, value, onChoose, children }: ListProps) {
  return (
    <label className="model-chooser">
      <span>{name}</span>
      <select aria-label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
        {children}
      </select>
    </label>
  );
}

interface TaskChooserProps {
  readonly name: string;
  readonly label: string;
  readonly tasks: Behaviour['tasks'];
  readonly value: string;
  readonly onChoose: (id: string) => void;
  /** What stands for no single task, where that can be chosen. */
  readonly all?: string;
}

export function TaskChooser({ name, label, tasks, value, onChoose, all }: TaskChooserProps) {
  return (
    <List name={name} label={label} value={value} onChoose={onChoose}>
      {all !== undefined && <option value="">{all}</option>}
      {tasks.map((task) => (
        <option key={task.id} value={task.id}>
          {task.name}
        </option>
      ))}
    </List>
  );
}

interface SampleChooserProps {
  readonly samples: readonly number[];
  readonly value: number;
  readonly onChoose: (count: number) => void;
}

export function SampleChooser({ samples, value, onChoose }: SampleChooserProps) {
  return (
    <List name="n" label="Test images per task" value={String(value)} onChoose={(chosen) => onChoose(Number(chosen))}>
      {samples.map((count) => (
        <option key={count}>{count}</option>
      ))}
    </List>
  );
}

interface RangeProps {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The value as it is written beside the slider. */
  readonly text: string;
  readonly onMove: (value: number) => void;
}

/** A slider between its name and its value. */
export function Range({ name, text, onMove, ...scale }: RangeProps) {
  const id = useId();
  return (
    <div className="kept-density">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        className="inspect-range"
        type="range"
        {...scale}
        onChange={(event) => onMove(Number(event.target.value))}
      />
      <output htmlFor={id}>{text}</output>
    </div>
  );
}
