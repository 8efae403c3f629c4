import { useRef, useState } from 'react';
import { type Section, useLook } from '../../store/inspect/look.ts';
import type { Subject, Survey } from '../../store/inspect/subject.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { Icon } from '../icons.tsx';
import { Between } from './between.tsx';
import { Lora } from './lora.tsx';
import { Network } from './network.tsx';
import { TensorList } from './tensor-list.tsx';
import { TensorPage } from './tensor-page.tsx';
import { useAnswer } from './use-answer.ts';
import './inspect.css';
import './charts.css';

interface InspectProps {
  readonly subject: Subject;
  /** What is being prepared before there is an answer. */
  readonly doing?: string;
  /** Its heading stands above it already. */
  readonly isHeaded?: boolean;
}

/** Looks into models: their tensors, the networks as wholes, and what lies between them. */
export function Inspect({ subject, doing = '', isHeaded = false }: InspectProps) {
  const [wide, setWide] = useState(false);
  const { value: survey, fresh, failure } = useAnswer(subject.key, () => subject.survey());
  return (
    <section className="inspect" aria-label="Inspect" data-fresh={fresh} data-subject={subject.key}>
      <header className="inspect-head">
        <h2 className={isHeaded ? 'unseen' : undefined}>Inspect</h2>
        <span className="hint">{subject.title}</span>
        {survey && !wide && (
          <button type="button" className="flat inspect-widen" onClick={() => setWide(true)}>
            <Icon name="wider" size={14} /> Wide
          </button>
        )}
      </header>
      {failure !== undefined && <p role="alert">{failure}</p>}
      {!survey && failure === undefined && (
        <p className="inspect-empty">{doing === '' ? 'Reading every tensor …' : `${doing} …`}</p>
      )}
      {survey && !wide && <Sections subject={subject} survey={survey} />}
      {survey && wide && (
        <Sheet title={`Inspect · ${subject.title}`} className="inspect-sheet" onClose={() => setWide(false)}>
          <div className="inspect inspect-wide">
            <Sections subject={subject} survey={survey} />
          </div>
        </Sheet>
      )}
    </section>
  );
}

function Sections({ subject, survey }: { readonly subject: Subject; readonly survey: Survey }) {
  const { section, tensor, set } = useLook();
  const top = useRef<HTMLDivElement>(null);
  const shown = survey.tensors.find((one) => one.tensor.name === tensor);
  const open = (name: string | null) => {
    set({ section: 'tensors', tensor: name });
    top.current?.scrollIntoView({ block: 'nearest' });
  };
  const behaviour = subject.behaviour;
  const options: { readonly value: Section; readonly name: string; readonly help: string }[] = [
    { value: 'tensors', name: 'Tensors', help: 'Every tensor, and what is in it' },
    { value: 'network', name: 'Network', help: 'Changes by layer, cosines, differences' },
    ...(behaviour
      ? [{ value: 'between' as const, name: 'Between', help: 'Loss and accuracy on lines and planes between networks' }]
      : []),
    ...(subject.lora
      ? [{ value: 'lora' as const, name: 'LoRA', help: 'The change as a low-rank adapter to take away' }]
      : []),
  ];
  return (
    <div ref={top} className="inspect-sections">
      <Segmented
        label="What is inspected"
        options={options}
        value={section}
        onChoose={(value) => set({ section: value })}
      />
      {survey.remarks.map((remark) => (
        <p key={remark} className="hint">
          {remark}
        </p>
      ))}
      {section === 'tensors' && !shown && <TensorList survey={survey} onOpen={open} />}
      {section === 'tensors' && shown && (
        <TensorPage
          key={shown.tensor.name}
          subject={subject}
          survey={survey}
          tensor={shown}
          onBack={() => open(null)}
        />
      )}
      {section === 'network' && <Network subject={subject} survey={survey} onOpen={open} />}
      {section === 'between' && behaviour && <Between subject={subject} behaviour={behaviour} models={survey.models} />}
      {section === 'lora' && subject.lora && (
        <Lora subject={subject} lora={subject.lora} behaviour={behaviour} models={survey.models} />
      )}
    </div>
  );
}
