import { useState } from 'react';
import type { Behaviour, SeenModel, Subject } from '../../store/inspect/subject.ts';
import { MatrixTable } from './matrix-table.tsx';
import { Part } from './part.tsx';
import { useAnswer } from './use-answer.ts';

interface AlignmentProps {
  readonly subject: Subject;
  readonly behaviour: Behaviour;
  readonly models: readonly SeenModel[];
}

/** How alike what the networks make of the same images is. */
export function Alignment({ subject, behaviour, models }: AlignmentProps) {
  const { tasks, samples } = behaviour;
  const [chosen, setTask] = useState('');
  const [asked, setCount] = useState(0);
  const task = tasks.find(({ id }) => id === chosen) ?? tasks[0];
  const count = samples.includes(asked) ? asked : (samples[Math.min(1, samples.length - 1)] ?? 0);
  const { value, fresh, failure } = useAnswer(`${subject.key} ${task?.id} ${count}`, () =>
    behaviour.alignment(task?.id ?? '', count),
  );
  const matrix = value?.length === models.length ? value : undefined;
  return (
    <Part
      title="Do they see the same?"
      note={`Linear centred kernel alignment (Kornblith et al. 2019) of the features on ${count} test samples, all at once. 1: the same up to rotation and scale.`}
    >
      <div className="inspect-tools">
        <label className="model-chooser">
          <span>images of</span>
          <select aria-label="Images of" value={task?.id} onChange={(event) => setTask(event.target.value)}>
            {tasks.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <SampleChooser samples={samples} value={count} onChoose={setCount} />
      </div>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <div data-fresh={fresh}>
        {matrix ? (
          <MatrixTable caption={`Alignment of features on ${task?.name}`} models={models} values={matrix} />
        ) : (
          <p className="inspect-empty">{failure === undefined && 'Running the networks …'}</p>
        )}
      </div>
    </Part>
  );
}

interface SampleChooserProps {
  readonly samples: readonly number[];
  readonly value: number;
  readonly onChoose: (count: number) => void;
}

export function SampleChooser({ samples, value, onChoose }: SampleChooserProps) {
  return (
    <label className="model-chooser">
      <span>n</span>
      <select
        aria-label="Test images per task"
        value={value}
        onChange={(event) => onChoose(Number(event.target.value))}
      >
        {samples.map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </select>
    </label>
  );
}
