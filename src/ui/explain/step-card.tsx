import { useHandbook } from '../../store/handbook.ts';
import { useStudio } from '../../store/studio.ts';
import { Formulas } from './formulas.tsx';
import { Numbered } from './numbered.tsx';
import { type Method, type Recipe, type Setting, type Step, settingsOf } from './numbers.ts';
import { SettingList } from './setting-list.tsx';

interface StepCardProps {
  readonly recipe: Recipe;
  readonly step: Step;
  readonly method: Method;
  readonly place: number;
}

const KINDS = { pre: 'before the merge', merge: 'merge', post: 'after the merge' } as const;

export function StepCard({ recipe, step, method, place }: StepCardProps) {
  const page = useHandbook(({ methods }) => methods[method.id]);
  const setView = useStudio((state) => state.setView);
  const settings = settingsOf(step, method);
  if (!page) return null;
  const { title, authors, year, url } = page.reference;
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
      <p>{page.summary}</p>
      <Formulas method={method.id} />
      <Numbered formula={page.formula} settings={settings} experts={recipe.experts} />
      <SettingList method={method.id} settings={settings} experts={recipe.experts} />
      <ShapeNote step={step} settings={settings} />
      <dl>
        <Fact name="Helps" text={page.helps} />
        <Fact name="Hurts" text={page.hurts} />
        {page.limits && <Fact name="At the ends" text={page.limits} />}
      </dl>
      <Notes notes={page.notes ?? []} />
      <p className="paper">
        <a href={url} target="_blank" rel="noopener noreferrer">
          {title}
        </a>{' '}
        {authors ? `${authors}, ` : ''}
        {year}
      </p>
      <button type="button" className="plain" aria-haspopup="dialog" onClick={() => setView({ doc: method.id })}>
        All about {method.name}
      </button>
    </article>
  );
}

/** What curves and a filter add to the numbers above, which the formula does not show. */
function ShapeNote({ step, settings }: { readonly step: Step; readonly settings: readonly Setting[] }) {
  const curved = settings.filter(({ key }) => step.curves?.[key]).map(({ control }) => control.symbol);
  if (curved.length === 0 && !step.filter) return null;
  const verb = curved.length === 1 ? 'is' : 'are';
  return (
    <p className="shape-note">
      {curved.length > 0 &&
        `Per layer, ${curved.join(' and ')} ${verb} multiplied by a curve over depth: the numbers above are without it. `}
      {step.filter && 'Some tensors are left out of the merge and keep the base’s weights.'}
    </p>
  );
}

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
