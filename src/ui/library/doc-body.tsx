import type { ReactNode } from 'react';
import type { docOf } from '../../store/library.ts';
import { useStudio } from '../../store/studio.ts';
import { Formulas } from '../explain/formulas.tsx';
import { Numbered } from '../explain/numbered.tsx';
import { methodOf, settingsOf } from '../explain/numbers.ts';
import { Paper } from './paper.tsx';
import { Parameters } from './parameters.tsx';

export type Doc = NonNullable<ReturnType<typeof docOf>>;

interface DocBodyProps {
  readonly doc: Doc;
  /** Goes to the page of another method. */
  readonly onOpen: (id: string) => void;
}

export function DocBody({ doc, onOpen }: DocBodyProps) {
  return (
    <>
      <p className="doc-place">
        {doc.shelf} · {doc.place} · <code>{doc.id}</code>
      </p>
      {doc.doubt && (
        <p className="doubt">
          <span className="badge">{doc.doubt.badge}</span> {doc.doubt.help}
        </p>
      )}
      <p className="doc-lead">{doc.summary}</p>
      {doc.formula && <Formulas method={doc.id} />}
      {doc.formula && <OnScreen id={doc.id} formula={doc.formula} />}
      {doc.steps.length > 0 && <Steps steps={doc.steps} onOpen={onOpen} />}
      <dl className="doc-facts">
        {doc.facts.map(({ name, text }) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
        <Fact name="Needs">{doc.needs.join('; ')}</Fact>
        <Fact name="Result">{doc.result}</Fact>
        {doc.aliases.length > 0 && <Fact name="Also called">{doc.aliases.join(', ')}</Fact>}
        {doc.mergekit !== undefined && (
          <Fact name="In mergekit">
            <code>{doc.mergekit}</code>
          </Fact>
        )}
      </dl>
      {doc.parameters.length > 0 && <Parameters parameters={doc.parameters} />}
      {doc.notes.length > 0 && (
        <section>
          <h3>Where paper, codes and this studio differ</h3>
          <ul className="doc-notes">
            {doc.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <Paper reference={doc.reference} bibtex={doc.bibtex} />
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The formula with the numbers of the sliders, while the method is part of the recipe on the screen. */
function OnScreen({ id, formula }: { readonly id: string; readonly formula: string }) {
  const recipe = useStudio((state) => state.recipe);
  const step = recipe?.chain.find((candidate) => candidate.method === id);
  const method = step && methodOf(step);
  if (!recipe || !step || !method) return null;
  return <Numbered formula={formula} settings={settingsOf(step, method)} experts={recipe.experts} />;
}

interface StepsProps {
  readonly steps: Doc['steps'];
  readonly onOpen: (id: string) => void;
}

/** What a preset is a chain of. */
function Steps({ steps, onOpen }: StepsProps) {
  return (
    <section>
      <h3>Its steps</h3>
      <ol className="doc-steps">
        {steps.map(({ id, name, settings }) => (
          <li key={id}>
            <button type="button" className="plain" onClick={() => onOpen(id)}>
              {name}
            </button>{' '}
            {settings}
          </li>
        ))}
      </ol>
    </section>
  );
}
