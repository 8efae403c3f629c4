import { useDeferredValue, useEffect, useState } from 'react';
import { accuracyIn } from '../../store/inspect/lora.ts';
import type { Behaviour, LoraChoice, LoraRun, SeenModel } from '../../store/inspect/subject.ts';
import { percent } from '../charts/format.ts';
import { SampleChooser } from './choosers.tsx';
import { Part } from './part.tsx';
import { useAnswer } from './use-answer.ts';

/** The networks run when the slider has rested so long, in ms. */
const SETTLED = 250;

interface ScoresProps {
  readonly run: LoraRun;
  readonly behaviour: Behaviour;
  readonly model: SeenModel;
  readonly chosen: LoraChoice;
  /** Tells what is inspected apart. */
  readonly subjectKey: string;
}

/** What base and adapter score beside the network whose change it holds. */
export function LoraScores({ run, behaviour, model, chosen, subjectKey }: ScoresProps) {
  const [asked, setCount] = useState(0);
  const count = behaviour.samples.includes(asked) ? asked : (behaviour.samples[0] ?? 0);
  const settled = useSettled(useDeferredValue(chosen.rank));
  const { rest } = chosen;
  const question = `${subjectKey} ${model.id} ${count}`;
  const whole = useAnswer(question, () => behaviour.score({ [model.id]: 1 }, count, () => true));
  const low = useAnswer(`${question} ${settled} ${rest}`, () =>
    run.score(model.id, { rank: settled, rest }, count, () => true),
  );
  const cell = (scores: Parameters<typeof accuracyIn>[0], task: string) => {
    const accuracy = accuracyIn(scores, task);
    return accuracy === undefined ? '–' : `${percent(accuracy)} %`;
  };
  const failure = whole.failure ?? low.failure;
  return (
    <Part title="What it scores" note={`Each network is run on the first ${count} test images of every task.`}>
      <div className="inspect-tools">
        <SampleChooser samples={behaviour.samples} value={count} onChoose={setCount} />
      </div>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <table className="lora-table" data-measured={low.fresh && whole.fresh && settled === chosen.rank}>
        <thead>
          <tr>
            <th scope="col">task</th>
            <th scope="col">base + LoRA, rank {settled}</th>
            <th scope="col">{model.name}</th>
          </tr>
        </thead>
        <tbody>
          {behaviour.tasks.map(({ id, name }) => (
            <tr key={id} data-task={id}>
              <th scope="row">{name}</th>
              <td>{cell(low.fresh ? low.value : undefined, id)}</td>
              <td>{cell(whole.fresh ? whole.value : undefined, id)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function useSettled(value: number): number {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
