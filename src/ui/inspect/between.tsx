import { useState } from 'react';
import {
  coarseFirst,
  LINE_PLACES,
  linePlaces,
  type Measure,
  PLANE_PLACES,
  planeGrid,
} from '../../store/inspect/landscape.ts';
import type { Behaviour, SeenModel, Slice2D, Subject } from '../../store/inspect/subject.ts';
import { Segmented } from '../controls/segmented.tsx';
import { SampleChooser, TaskChooser } from './choosers.tsx';
import { LinePlot } from './line-plot.tsx';
import { ModelChooser } from './models.tsx';
import { figure } from './numbers.ts';
import { Part } from './part.tsx';
import { PlanePlot } from './plane-plot.tsx';
import { useAnswer } from './use-answer.ts';
import { type Measuring, useMeasuring } from './use-measuring.ts';

interface BetweenProps {
  readonly subject: Subject;
  readonly behaviour: Behaviour;
  readonly models: readonly SeenModel[];
}

interface View {
  readonly task: string | null;
  readonly measure: Measure;
  readonly samples: number;
}

/** What lies between networks: along a line, and on a plane. Every place is a network that is run. */
export function Between({ subject, behaviour, models }: BetweenProps) {
  const { tasks, samples } = behaviour;
  const [task, setTask] = useState('');
  const [measure, setMeasure] = useState<Measure>('accuracy');
  const [asked, setCount] = useState(0);
  const view: View = {
    task: tasks.some(({ id }) => id === task) ? task : null,
    measure,
    samples: samples.includes(asked) ? asked : (samples[0] ?? 0),
  };
  return (
    <>
      <div className="inspect-tools">
        <Segmented
          label="What is measured"
          options={[
            { value: 'accuracy', name: 'Accuracy' },
            { value: 'loss', name: 'Loss', help: 'Cross-entropy in nats per image' },
          ]}
          value={measure}
          onChoose={setMeasure}
        />
        <TaskChooser
          name="on"
          label="Task"
          all="all tasks, mean"
          tasks={tasks}
          value={view.task ?? ''}
          onChoose={setTask}
        />
        <SampleChooser samples={samples} value={view.samples} onChoose={setCount} />
      </div>
      <div className="inspect-parts" data-pair>
        <Line subject={subject} behaviour={behaviour} models={models} view={view} />
        <Plane subject={subject} behaviour={behaviour} models={models} view={view} />
      </div>
    </>
  );
}

interface PartProps extends BetweenProps {
  readonly view: View;
}

function Line({ behaviour, models, view }: PartProps) {
  const merge = models.find(({ role }) => role === 'merge');
  const experts = models.filter(({ role }) => role === 'expert');
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const a = models.find(({ id }) => id === from) ?? experts[0] ?? models[0];
  const b = models.find(({ id }) => id === to) ?? experts[1] ?? merge ?? models.at(-1);
  const places = linePlaces(a?.id ?? '', b?.id ?? '');
  const question = `${a?.id} ${b?.id} ${view.samples}`;
  const measuring = useMeasuring(question, behaviour, places, [...places.keys()], view.samples);
  if (!a || !b) return null;
  return (
    <Part
      title="Along the line between two"
      note={`(1 − t)·${a.name} + t·${b.name} at ${LINE_PLACES} places, each run on the first ${view.samples} test images of every task.`}
    >
      <div className="inspect-tools">
        <ModelChooser label="from" models={models} value={a.id} onChoose={setFrom} />
        <ModelChooser label="to" models={models} value={b.id} onChoose={setTo} />
        <Runner measuring={measuring} of={LINE_PLACES} />
      </div>
      <LinePlot places={places} scores={measuring.scores} ends={[a, b]} tasks={behaviour.tasks} {...view} />
    </Part>
  );
}

function Plane({ subject, behaviour, models, view }: PartProps) {
  const merges = models.filter(({ role }) => role === 'merge');
  const fixed = models.filter(({ role }) => role !== 'merge');
  const [chosen, setChosen] = useState<readonly (string | undefined)[]>([]);
  const corner = (i: number) => models.find(({ id }) => id === chosen[i])?.id ?? fixed[i]?.id ?? models[i]?.id ?? '';
  const corners = [corner(0), corner(1), corner(2)] as const;
  const choose = (i: number) => (id: string) => setChosen([0, 1, 2].map((at) => (at === i ? id : chosen[at])));
  const others = merges.filter(({ id }) => !corners.includes(id));
  const distinct = new Set(corners).size === 3;
  const question = `${subject.key} ${corners.join()}`;
  const { value, fresh, failure } = useAnswer(distinct ? question : null, () =>
    behaviour.slice(
      corners,
      others.map(({ id }) => id),
    ),
  );
  const slice = fresh ? value : undefined;
  return (
    <Part
      title="On the plane through three"
      note={`A slice, not the landscape: ${PLANE_PLACES} × ${PLANE_PLACES} networks, each run on the first ${view.samples} test images of every task; between them the picture is interpolated. Axes by Gram–Schmidt (Garipov et al. 2018), in units of weight space. A merge is drawn at the place nearest to it.`}
    >
      <div className="inspect-tools">
        {['through', 'and', 'and'].map((label, i) => (
          <ModelChooser
            // biome-ignore lint/suspicious/noArrayIndexKey: three choosers that stay in their places
            key={i}
            label={label}
            models={models}
            value={corners[i] ?? ''}
            onChoose={choose(i)}
          />
        ))}
      </div>
      {!distinct && <p className="inspect-empty">Choose three different networks.</p>}
      {failure !== undefined && <p role="alert">{failure}</p>}
      {distinct && value === null && fresh && (
        <p className="inspect-empty">These three lie on one line: there is no plane through them.</p>
      )}
      {slice && (
        <MeasuredPlane
          key={question}
          question={question}
          slice={slice}
          corners={corners}
          others={others}
          behaviour={behaviour}
          models={models}
          view={view}
        />
      )}
    </Part>
  );
}

interface MeasuredPlaneProps {
  readonly question: string;
  readonly slice: Slice2D;
  readonly corners: readonly [string, string, string];
  readonly others: readonly SeenModel[];
  readonly behaviour: Behaviour;
  readonly models: readonly SeenModel[];
  readonly view: View;
}

function MeasuredPlane({ question, slice, corners, others, behaviour, models, view }: MeasuredPlaneProps) {
  const grid = planeGrid(slice, corners);
  const order = coarseFirst(PLANE_PLACES);
  const measuring = useMeasuring(`${question} ${view.samples}`, behaviour, grid.places, order, view.samples);
  const marks = [
    ...corners.flatMap((id, i) => {
      const model = models.find((one) => one.id === id);
      const [x, y] = slice.plane.corners[i] ?? [0, 0];
      return model ? [{ model, x, y, distance: 0 }] : [];
    }),
    ...others.flatMap((model, i) => {
      const shadow = slice.shadows[i];
      return shadow ? [{ model, ...shadow }] : [];
    }),
  ];
  return (
    <>
      <div className="inspect-tools">
        <Runner measuring={measuring} of={grid.places.length} />
      </div>
      <PlanePlot grid={grid} scores={measuring.scores} marks={marks} tasks={behaviour.tasks} {...view} />
      <ul className="plane-marks">
        {marks
          .filter(({ model }) => others.includes(model))
          .map(({ model, distance, x, y }) => (
            <li key={model.id} data-mark={model.id} data-x={x} data-y={y} data-distance={distance}>
              <b>{model.name}</b>{' '}
              {distance < 1e-3 * Math.hypot(x, y)
                ? 'lies in this plane.'
                : `lies ${figure(distance)} away from the plane: the colour under it is not its own.`}
            </li>
          ))}
      </ul>
    </>
  );
}

function Runner({ measuring, of }: { readonly measuring: Measuring; readonly of: number }) {
  const { running, done, failure, start, stop } = measuring;
  return (
    <span className="runner" data-done={done} data-running={running}>
      {running ? (
        <button type="button" className="plain" onClick={stop}>
          Stop
        </button>
      ) : (
        <button type="button" className="plain" disabled={done === of} onClick={start}>
          {done === of ? `All ${of} measured` : done > 0 ? 'Go on' : `Measure ${of} places`}
        </button>
      )}
      {running && <progress value={done} max={of} aria-label={`${done} of ${of} places measured`} />}
      {failure !== undefined && <span role="alert">{failure}</span>}
    </span>
  );
}
