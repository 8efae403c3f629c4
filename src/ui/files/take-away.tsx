import { useId, useState } from 'react';
import { useFiles } from '../../store/files/store.ts';
import { type Exported, exported, type OwnExport } from '../../store/files/take-away.ts';
import { save } from '../save.ts';

interface Kind {
  readonly kind: OwnExport;
  readonly name: string;
  /** What it says is known once the models can be merged; the recipe itself can be taken before. */
  readonly ofMerge: boolean;
}

const KINDS: readonly Kind[] = [
  { kind: 'mergekit', name: 'mergekit YAML', ofMerge: true },
  { kind: 'recipe', name: 'Recipe (JSON)', ofMerge: false },
  { kind: 'card', name: 'Model card', ofMerge: true },
  { kind: 'snippet', name: 'Python program', ofMerge: true },
];

/** The recipe in the forms that other tools read. */
export function TakeAway() {
  const experts = useFiles((state) => state.recipe.experts.length);
  const isPlanned = useFiles(({ planned }) => planned.phase === 'planned' && planned.plan.refusals.length === 0);
  const id = useId();
  const tokenizer = useFiles(({ planned }) => planned.phase === 'planned' && planned.plan.tokenizer);
  const [told, setTold] = useState<Exported['notes']>([]);
  const take = async (kind: OwnExport) => {
    const made = await exported(kind);
    setTold(made.notes);
    if (made.text !== null) save(made.name, new Blob([made.text], { type: 'text/plain' }));
  };
  const copyLink = async () => {
    const { text: link, notes } = await exported('link');
    if (link === null) return setTold(notes);
    history.replaceState(null, '', link);
    try {
      await navigator.clipboard.writeText(location.href);
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
        {KINDS.map(({ kind, name, ofMerge }) => (
          <button
            key={kind}
            type="button"
            className="plain"
            disabled={ofMerge && !isPlanned}
            aria-describedby={ofMerge && !isPlanned ? id : undefined}
            onClick={() => void take(kind)}
          >
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
      {!isPlanned && (
        <p id={id} className="hint">
          The recipe and the link hold your settings. The other three describe a merge: they are there once these models
          can be merged.
        </p>
      )}
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
