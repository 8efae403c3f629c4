import { type KeyboardEvent, useState } from 'react';
import { useStudio } from '../../store/studio.ts';
import { Sheet } from '../controls/sheet.tsx';
import { Icon } from '../icons.tsx';
import { currentEntry, type Entry, entries, shelfNames, whyNot } from './methods.ts';

interface EntryButtonProps {
  readonly entry: Entry;
  readonly reason: string | undefined;
  /** 'chosen': the method in use; 'added': a step that the chain already has. */
  readonly use: 'chosen' | 'added' | 'free';
  readonly onChoose: () => void;
}

const places = { pre: 'added before the merge', merge: undefined, post: 'added after the merge' } as const;

function EntryButton({ entry, reason, use, onChoose }: EntryButtonProps) {
  const remark = use === 'added' ? 'already in the chain' : places[entry.kind];
  return (
    <li>
      {/* Greyed, but focusable: the reason can be read by everyone. */}
      <button
        type="button"
        className="entry"
        data-method={entry.id}
        aria-current={use === 'chosen' ? 'true' : undefined}
        aria-disabled={reason !== undefined}
        onClick={() => reason === undefined && onChoose()}
      >
        <strong>{entry.name}</strong>
        <span className="hint">{use === 'chosen' ? <Icon name="check" /> : entry.year}</span>
        <small>{entry.summary}</small>
        {(reason ?? remark) && <em>{reason ?? remark}</em>}
      </button>
    </li>
  );
}

/** Up and down walk over the search box and everything that can be chosen. */
function walk(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .entry')];
  const at = stops.findIndex((stop) => stop.matches(':focus'));
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function matching(query: string): readonly Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => words.every((word) => entry.text.includes(word)));
}

/** All methods on shelves by family, with a search; what does not fit the mix says why. */
export function MethodSheet({ onClose }: { readonly onClose: () => void }) {
  const recipe = useStudio((state) => state.recipe);
  const chooseMethod = useStudio((state) => state.chooseMethod);
  const [query, setQuery] = useState('');
  if (!recipe) return null;
  const found = matching(query);
  const reasonFor = (entry: Entry) => whyNot(entry, recipe.experts.length);
  const current = currentEntry(recipe)?.id;
  const placeIn = (entry: Entry) => {
    if (entry.id === current) return 'chosen';
    return entry.kind !== 'merge' && recipe.chain.some((step) => step.method === entry.id) ? 'added' : 'free';
  };
  const choose = (entry: Entry) => {
    if (placeIn(entry) === 'free') chooseMethod(entry.id);
    onClose();
  };
  const chooseFirst = () => {
    const first = found.find((entry) => !reasonFor(entry));
    if (query && first) choose(first);
  };
  return (
    <Sheet title="Methods" onClose={onClose} className="method-sheet">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys only add to what Tab already does. */}
      <div className="method-list" onKeyDown={walk}>
        <form
          className="search"
          onSubmit={(event) => {
            event.preventDefault();
            chooseFirst();
          }}
        >
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search methods"
            placeholder="Search by name, idea or paper"
            data-first
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </form>
        <div className="shelves">
          {shelfNames.map((shelf) => {
            const onShelf = found.filter((entry) => entry.shelf === shelf);
            if (onShelf.length === 0) return null;
            return (
              <section key={shelf} aria-label={shelf}>
                <h3>{shelf}</h3>
                <ul>
                  {onShelf.map((entry) => (
                    <EntryButton
                      key={entry.id}
                      entry={entry}
                      reason={reasonFor(entry)}
                      use={placeIn(entry)}
                      onChoose={() => choose(entry)}
                    />
                  ))}
                </ul>
              </section>
            );
          })}
          {found.length === 0 && <p className="hint">No method matches “{query}”.</p>}
        </div>
      </div>
    </Sheet>
  );
}
