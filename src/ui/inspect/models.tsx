import type { SeenModel } from '../../store/inspect/subject.ts';
import { expertColour } from '../experts.ts';
import { BaseMark, ExpertMark, StarMark } from '../marks.tsx';
import { List } from './choosers.tsx';

/** Ink for the base and the merges, the expert's own colour for experts. */
export const modelColour = ({ role, index, pinned }: SeenModel): string =>
  role === 'expert' ? expertColour(index) : role === 'base' || pinned ? 'var(--muted)' : 'var(--ink)';

/** The base is dotted, a pinned merge dashed. */
export const modelDash = ({ role, pinned }: SeenModel): string | undefined =>
  role === 'base' ? '2 3' : pinned ? '6 3' : undefined;

export function ModelMark({ model, size = 12 }: { readonly model: SeenModel; readonly size?: number }) {
  if (model.role === 'base') return <BaseMark size={size} />;
  if (model.role === 'expert') return <ExpertMark index={model.index} size={size} />;
  return <StarMark size={size} hollow={model.pinned === true} />;
}

export function ModelName({ model }: { readonly model: SeenModel }) {
  return (
    <span className="model-name">
      <ModelMark model={model} size={11} /> {model.name}
    </span>
  );
}

interface ChooserProps {
  readonly label: string;
  readonly models: readonly SeenModel[];
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

export function ModelChooser({ label, models, value, onChoose }: ChooserProps) {
  return (
    <List name={label} value={value} onChoose={onChoose}>
      {models.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </List>
  );
}
