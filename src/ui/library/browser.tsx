import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import type { PrintedHandbook } from '../../methods/metadata.ts';
import { openHandbook, useShelf } from '../../store/handbook.ts';
import { useStudio } from '../../store/studio.ts';
import { Sheet } from '../controls/sheet.tsx';
import { Missing } from '../explain/missing.tsx';
import { Icon } from '../icons.tsx';
import { currentEntry, type Entry, type Recipe } from '../ingredients/methods.ts';
import { useMedia } from '../shell/use-media.ts';
import { EntryRow } from './entry-row.tsx';
import { FacetBar } from './facet-bar.tsx';
import { isWanted } from './facets.ts';
import { listing, matching, shelved } from './listing.ts';
import { usePreview } from './use-preview.ts';
import './library.css';

/** Up and down walk over the search box and everything that can be chosen, left and right between a method and its page. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const focus = document.activeElement;
  const row = focus?.closest('.entry-row');
  const sideways = { ArrowRight: '.about', ArrowLeft: '.entry' }[event.key];
  if (sideways !== undefined && row) return row.querySelector<HTMLElement>(sideways)?.focus();
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .entry')];
  const at = stops.findIndex((stop) => stop === (row?.querySelector('.entry') ?? focus));
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** All methods on shelves by family, with filters and a search; what does not fit the mix says why. */
export default function MethodBrowser({ onClose }: { readonly onClose: () => void }) {
  const recipe = useStudio((state) => state.recipe);
  const shelf = useShelf();
  const [query, setQuery] = useState('');
  useEffect(() => void openHandbook(), []);
  if (!recipe) return null;
  return (
    <Sheet title="Methods" onClose={onClose} className="method-sheet">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys only add to what Tab already does. */}
      <div className="method-list" onKeyDown={walk}>
        <form
          className="search"
          onSubmit={(event) => {
            event.preventDefault();
            // What Enter takes is what the list shows first.
            const first = event.currentTarget.parentElement?.querySelector<HTMLElement>(
              '.entry[aria-disabled="false"]',
            );
            if (query) first?.click();
          }}
        >
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search methods"
            placeholder="Search names, authors, years, papers, ideas"
            data-first
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </form>
        {shelf.phase === 'open' && (
          <Shelves handbook={shelf.handbook} recipe={recipe} query={query} onClose={onClose} />
        )}
        {shelf.phase === 'failed' && <Missing />}
      </div>
    </Sheet>
  );
}

interface ShelvesProps {
  readonly handbook: PrintedHandbook;
  readonly recipe: Recipe;
  readonly query: string;
  readonly onClose: () => void;
}

function Shelves({ handbook, recipe, query, onClose }: ShelvesProps) {
  const chooseMethod = useStudio((state) => state.chooseMethod);
  const setView = useStudio((state) => state.setView);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { rest, leave } = usePreview();
  const experts = recipe.experts.length;
  const all = useMemo(() => listing(handbook, experts), [handbook, experts]);
  const named = matching(all, query);
  const found = named.filter(({ facets }) => isWanted(facets, chosen));
  const current = currentEntry(recipe)?.id;
  const placeOf = ({ id, kind }: Entry) => {
    if (id === current) return 'chosen';
    return kind !== 'merge' && recipe.chain.some((step) => step.method === id) ? 'added' : 'free';
  };
  const choose = (entry: Entry) => {
    if (placeOf(entry) === 'free') chooseMethod(entry.id);
    onClose();
  };
  return (
    <div className="library">
      <Fold chosen={chosen.size}>
        <FacetBar
          found={named.map(({ facets }) => facets)}
          all={all.map(({ facets }) => facets)}
          chosen={chosen}
          onChoose={setChosen}
        />
      </Fold>
      <div className="shelves">
        <p className="hint">
          <span role="status">
            {found.length} of {all.length} methods.
          </span>{' '}
          Percentages are mean accuracies over the {experts} {experts === 1 ? 'task' : 'tasks'} of the mix, with the
          method’s defaults. <span className="by-pointer">Rest on a method to have it measured.</span>
        </p>
        {shelved(found).map(({ name, listed }) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <ul>
              {listed.map((one) => (
                <EntryRow
                  key={one.entry.id}
                  listed={one}
                  use={placeOf(one.entry)}
                  onChoose={() => choose(one.entry)}
                  onAbout={() => setView({ doc: one.entry.id })}
                  onRest={() => rest(one.entry.id)}
                  onLeave={leave}
                />
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && (
          <p className="none">
            No method matches{query && ` “${query}”`}
            {chosen.size > 0 && ' with these filters'}.
          </p>
        )}
      </div>
    </div>
  );
}

/** On a phone the filters are folded away until they are wanted. */
function Fold({ chosen, children }: { readonly chosen: number; readonly children: ReactNode }) {
  const phone = useMedia('(max-width: 720px)');
  if (!phone) return children;
  return (
    <details className="facet-fold">
      <summary>Filters{chosen > 0 && ` (${chosen})`}</summary>
      {children}
    </details>
  );
}
