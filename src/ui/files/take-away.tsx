import { useState } from 'react';
import { filesLink } from '../../store/files/link.ts';
import { useFiles } from '../../store/files/store.ts';
import { type Exported, exported, type OwnExport } from '../../store/files/take-away.ts';
import { save } from '../save.ts';

const KINDS: readonly { readonly kind: OwnExport; readonly name: string }[] = [
  { kind: 'mergekit', name: 'mergekit YAML' },
  { kind: 'recipe', name: 'Recipe (JSON)' },
  { kind: 'card', name: 'Model card' },
  { kind: 'snippet', name: 'Python program' },
];

/** The recipe in the forms that other tools read. */
export function TakeAway() {
  const experts = useFiles((state) => state.recipe.experts.length);
  const tokenizer = useFiles(({ planned }) => planned.phase === 'planned' && planned.plan.tokenizer);
  const [told, setTold] = useState<Exported['notes']>([]);
  const take = async (kind: OwnExport) => {
    const made = await exported(kind);
    setTold(made.notes);
    if (made.text !== null) save(made.name, new Blob([made.text], { type: 'text/plain' }));
  };
  const copyLink = async () => {
    const link = location.href.split('#')[0] + filesLink(useFiles.getState());
    history.replaceState(null, '', filesLink(useFiles.getState()));
    try {
      await navigator.clipboard.writeText(link);
      setTold(['The link is copied. It names your files and holds none of them.']);
    } catch {
      setTold(['The link is in the address bar: copy it from there. It names your files and holds none of them.']);
    }
  };
  if (experts === 0) return null;
  return (
    <section className="take-away-own" aria-label="Take the recipe away">
      <h3>The recipe</h3>
      <div className="merge-actions">
        {KINDS.map(({ kind, name }) => (
          <button key={kind} type="button" className="plain" onClick={() => void take(kind)}>
            {name}
          </button>
        ))}
        {tokenizer && (
          <button type="button" className="plain" onClick={() => void take('tokenizer')}>
            tokenizer.json
          </button>
        )}
        <button type="button" className="plain" onClick={() => void copyLink()}>
          Link
        </button>
      </div>
      <div role="status">
        <ul className="fit-notes">
          {told.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}
