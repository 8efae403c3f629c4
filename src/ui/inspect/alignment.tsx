import { useState } from 'react';
import type { Behaviour, SeenModel, Subject } from '../../store/inspect/subject.ts';
import { SampleChooser, TaskChooser } from './choosers.tsx';
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
      note={`Linear centred kernel alignment (Kornblith et al. 2019) of the features on ${count} test images, all at once. 1: the same up to rotation and scale.`}
    >
      <div className="inspect-tools">
        <TaskChooser name="images of" label="Images of" tasks={tasks} value={task?.id ?? ''} onChoose={setTask} />
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
