import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import type { PrintedHandbook } from '../../methods/metadata.ts';
import { openHandbook, useShelf } from '../../store/handbook.ts';
import { Sheet } from '../controls/sheet.tsx';
import { Missing } from '../explain/missing.tsx';
import { Icon } from '../icons.tsx';
import { type Listed, shelved } from './listing.ts';
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

interface MethodSearchProps {
  readonly onClose: () => void;
  /** What is found, once the texts about methods are there. */
  readonly children: (handbook: PrintedHandbook, query: string) => ReactNode;
}

/** The sheet of methods: a search over what is listed below it. */
export function MethodSearch({ onClose, children }: MethodSearchProps) {
  const shelf = useShelf();
  const [query, setQuery] = useState('');
  useEffect(() => void openHandbook(), []);
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
        {shelf.phase === 'open' && children(shelf.handbook, query)}
        {shelf.phase === 'failed' && <Missing />}
      </div>
    </Sheet>
  );
}

interface ShelvesProps {
  readonly found: readonly Listed[];
  readonly row: (listed: Listed) => ReactNode;
}

/** What was found, shelf by shelf. */
export function Shelves({ found, row }: ShelvesProps) {
  return shelved(found).map(({ name, listed }) => (
    <section key={name} aria-label={name}>
      <h3>{name}</h3>
      <ul>{listed.map(row)}</ul>
    </section>
  ));
}
