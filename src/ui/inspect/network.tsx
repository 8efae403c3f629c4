import { useState } from 'react';
import { cosineMatrix, type Kind, layersOf } from '../../store/inspect/cosines.ts';
import type { Subject, Survey } from '../../store/inspect/subject.ts';
import { Alignment } from './alignment.tsx';
import { List } from './choosers.tsx';
import { DepthChart } from './depth-chart.tsx';
import { Difference } from './difference.tsx';
import { MatrixTable } from './matrix-table.tsx';
import { Part } from './part.tsx';
import { KindSwitch } from './tensor-page.tsx';

interface NetworkProps {
  readonly subject: Subject;
  readonly survey: Survey;
  readonly onOpen: (tensor: string) => void;
}

/** The networks as wholes: where they changed, and how they relate. */
export function Network({ subject, survey, onOpen }: NetworkProps) {
  const { models, tensors } = survey;
  const layers = layersOf(tensors);
  const hasBase = models.some(({ role }) => role === 'base');
  return (
    <div className="inspect-parts">
      {hasBase && (
        <Part
          title="Change along the depth"
          note="‖θ − θ₀‖ ÷ ‖θ₀‖ over all tensors of a layer; exact. “in” and “out” are what lies before the first layer and behind the last."
        >
          <DepthChart layers={layers} models={models} />
        </Part>
      )}
      <Cosines survey={survey} />
      {subject.behaviour && <Alignment subject={subject} behaviour={subject.behaviour} models={models} />}
      <Difference subject={subject} survey={survey} onOpen={onOpen} />
    </div>
  );
}

function Cosines({ survey: { models, tensors } }: { readonly survey: Survey }) {
  const [kind, setKind] = useState<Kind>(models.some(({ role }) => role === 'base') ? 'changes' : 'weights');
  const [layer, setLayer] = useState('');
  const layers = layersOf(tensors);
  const within = layers.find(({ name }) => name === layer)?.tensors ?? tensors;
  const matrix = cosineMatrix(within, models, kind);
  return (
    <Part
      title="Cosines"
      note={`Exact, over the ${matrix.tensors} tensors that all of them have. Experts whose changes are nearly orthogonal (0) disturb each other little when they are added; below 0 they undo each other.`}
    >
      <div className="inspect-tools">
        <KindSwitch kind={kind} onChoose={setKind} />
        <List name="in" label="Layer" value={layer} onChoose={setLayer}>
          <option value="">the whole network</option>
          {layers.map(({ name }) => (
            <option key={name} value={name}>
              {name === 'in' || name === 'out' ? `“${name}”` : `layer ${name}`}
            </option>
          ))}
        </List>
      </div>
      <MatrixTable caption={`Cosines of ${kind}`} {...matrix} />
    </Part>
  );
}
