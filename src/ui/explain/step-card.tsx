import formulas from 'virtual:formulas';
import { memo } from 'react';
import { Numbered } from './numbered.tsx';
import { type Method, type Recipe, type Step, settingsOf } from './numbers.ts';
import { SettingList } from './setting-list.tsx';

interface StepCardProps {
  readonly recipe: Recipe;
  readonly step: Step;
  readonly method: Method;
  readonly place: number;
}

const KINDS = { pre: 'before the merge', merge: 'merge', post: 'after the merge' } as const;

export function StepCard({ recipe, step, method, place }: StepCardProps) {
  const settings = settingsOf(step, method);
  return (
    <article className="step-card" data-method={method.id}>
      <header>
        <h2>{method.name}</h2>
        {recipe.chain.length > 1 && (
          <span>
            step {place + 1} of {recipe.chain.length}, {KINDS[method.kind]}
          </span>
        )}
      </header>
      <p>{method.summary}</p>
      <Formulas method={method.id} />
      <Numbered method={method} settings={settings} experts={recipe.experts} />
      <SettingList settings={settings} experts={recipe.experts} />
      <dl>
        <Fact name="Helps" text={method.helps} />
        <Fact name="Hurts" text={method.hurts} />
        {method.limits && <Fact name="At the ends" text={method.limits} />}
      </dl>
      <Notes notes={method.notes ?? []} />
      <Paper reference={method.reference} />
    </article>
  );
}

/** The method's equations, typeset when the page was built; drawn once, since laying them out in every frame of a drag is slow. */
const Formulas = memo(function Formulas({ method }: { readonly method: string }) {
  return (
    <div className="formulas">
      {formulas[method]?.map((line) => (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by our own build from our own formulas
        <span key={line} className="formula block" dangerouslySetInnerHTML={{ __html: line }} />
      ))}
    </div>
  );
});

function Fact({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <details>
      <summary>How this differs from the paper and its code ({notes.length})</summary>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}

function Paper({ reference }: { readonly reference: Method['reference'] }) {
  const { title, authors, year, url } = reference;
  return (
    <p className="paper">
      <a href={url} target="_blank" rel="noopener noreferrer">
        {title}
      </a>{' '}
      {authors ? `${authors}, ` : ''}
      {year}
    </p>
  );
}
