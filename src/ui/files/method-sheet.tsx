import { type KeyboardEvent, useEffect, useState } from 'react';
import { useFiles } from '../../store/files/store.ts';
import { openHandbook, useShelf } from '../../store/handbook.ts';
import { Sheet } from '../controls/sheet.tsx';
import { Missing } from '../explain/missing.tsx';
import { Icon } from '../icons.tsx';
import { currentEntry, type Entry } from '../ingredients/methods.ts';
import { type Listed, listing, matching, shelved } from '../library/listing.ts';
import { refusalOf } from './refusals.ts';
import '../library/library.css';

const places = { pre: 'added before the merge', merge: undefined, post: 'added after the merge' } as const;

/** All methods, those that can merge these files first; the others say why they cannot. */
export default function MethodSheet({ onClose }: { readonly onClose: () => void }) {
  const shelf = useShelf();
  const [query, setQuery] = useState('');
  useEffect(() => void openHandbook(), []);
  return (
    <Sheet title="Methods" onClose={onClose} className="method-sheet">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys only add to what Tab already does. */}
      <div className="method-list" onKeyDown={walk}>
        <div className="search">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search methods"
            placeholder="Search names, authors, years, papers, ideas"
            data-first
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </div>
        {shelf.phase === 'open' && <Shelves handbook={shelf.handbook} query={query} onClose={onClose} />}
        {shelf.phase === 'failed' && <Missing />}
      </div>
    </Sheet>
  );
}

function walk(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .entry')];
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

interface ShelvesProps {
  readonly handbook: Parameters<typeof listing>[0];
  readonly query: string;
  readonly onClose: () => void;
}

function Shelves({ handbook, query, onClose }: ShelvesProps) {
  const recipe = useFiles((state) => state.recipe);
  const check = useFiles((state) => state.check);
  const choose = useFiles((state) => state.methodChosen);
  const current = currentEntry(recipe)?.id;
  const all = listing(handbook, recipe.experts.length).map(
    (one): Listed => ({ ...one, reason: refusalOf(check, one.entry.id) ?? one.reason }),
  );
  const found = matching(all, query);
  const fitting = found.filter(({ reason }) => reason === undefined).length;
  const take = ({ id }: Entry) => {
    choose(id);
    onClose();
  };
  return (
    <div className="shelves alone">
      <p className="hint" role="status">
        {fitting} of {found.length} methods can merge these models.
      </p>
      {shelved(found).map(({ name, listed }) => (
        <section key={name} aria-label={name}>
          <h3>{name}</h3>
          <ul>
            {listed.map(({ entry, summary, badge, reason }) => (
              <li key={entry.id} className="entry-row">
                <button
                  type="button"
                  className="entry"
                  data-method={entry.id}
                  aria-current={entry.id === current ? 'true' : undefined}
                  aria-disabled={reason !== undefined}
                  onClick={() => reason === undefined && take(entry)}
                >
                  <span className="entry-name">
                    <strong>{entry.name}</strong> <span className="hint">{entry.year}</span>
                    {badge && <span className="badge">{badge}</span>}
                    {entry.id === current && <Icon name="check" />}
                  </span>
                  <small>{summary}</small>
                  {(reason ?? places[entry.kind]) && <em>{reason ?? places[entry.kind]}</em>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {found.length === 0 && <p className="none">No method matches “{query}”.</p>}
    </div>
  );
}
