import { flushSync } from 'react-dom';
import type { Checked } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { showView } from '../../store/files/view.ts';

type Decision = Checked['fit']['decisions'][number];

/** Puts the first open choice in sight, and the focus on its first option. */
export function showChoices(): void {
  flushSync(() => showView('fit'));
  const open = document.querySelector<HTMLElement>('.fit-choices [data-open="true"]');
  open?.scrollIntoView({ block: 'center' });
  open?.querySelector('input')?.focus({ preventScroll: true });
}

/** What differs, and an example of it. */
function Says({ text }: { readonly text: string }) {
  const [what = '', ...example] = text.split(': ');
  return (
    <legend>
      <b>{what}</b>
      {example.length > 0 && ': '}
      {example.join(': ')}
    </legend>
  );
}

/** Differences that somebody has to decide about: nothing is left out in silence. */
export function Choices({ decisions }: { readonly decisions: readonly Decision[] }) {
  const choose = useFiles((state) => state.choiceMade);
  // What was picked is seen at once; the table follows when headers are compared again.
  const made = useFiles((state) => state.choices);
  return (
    <section className="fit-choices" aria-label="Choices">
      {decisions.map(({ mismatch, says, options, chosen }) => (
        <fieldset key={mismatch} data-open={chosen === null}>
          <Says text={says} />
          {options.map(({ value, name, effect }) => (
            <label key={value}>
              <input
                type="radio"
                name={`choice-${mismatch}`}
                checked={(made[mismatch] ?? chosen) === value}
                onChange={() => choose({ [mismatch]: value })}
              />
              <span>
                {name}
                <span className="hint">{effect}</span>
              </span>
            </label>
          ))}
          {chosen === null && <p className="hint">There is no merge before this is chosen.</p>}
        </fieldset>
      ))}
    </section>
  );
}
