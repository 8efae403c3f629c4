import { type KeyboardEvent, useEffect, useRef } from 'react';
import { openHandbook, useShelf } from '../../store/handbook.ts';
import { docOf } from '../../store/library.ts';
import { useStudio } from '../../store/studio.ts';
import { Sheet } from '../controls/sheet.tsx';
import { Missing } from '../explain/missing.tsx';
import { Icon } from '../icons.tsx';
import { type Entry, entries } from '../ingredients/methods.ts';
import { DocBody } from './doc-body.tsx';
import { UseButton } from './use-button.tsx';
import './library.css';
import './doc.css';

interface DocSheetProps {
  readonly id: string;
  /** The method was taken: whatever else is open to choose one is done. */
  readonly onUsed: () => void;
}

/** The documentation of one method: a page with an address of its own, between those of its neighbours on the shelves. */
export default function DocSheet({ id, onUsed }: DocSheetProps) {
  const setView = useStudio((state) => state.setView);
  const shelf = useShelf();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => void openHandbook(), []);
  // Every page begins at its top. The frame itself stays, and with it the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is scrolled is the page of another method
  useEffect(() => {
    frame.current?.scrollTo(0, 0);
  }, [id]);
  const at = entries.findIndex((entry) => entry.id === id);
  const entry = entries[at];
  if (!entry) return null;
  const doc = shelf.phase === 'open' ? docOf(id, shelf.handbook) : undefined;
  const [previous, next] = [entries[at - 1], entries[at + 1]];
  const turn = (to: Entry | undefined) => to && setView({ doc: to.id });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '[') turn(previous);
    if (event.key === ']') turn(next);
  };
  return (
    <Sheet title={entry.name} onClose={() => setView({ doc: null })} className="doc-sheet">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys only repeat the buttons below. */}
      <div className="doc-frame" onKeyDown={onKeyDown}>
        <div ref={frame} className="doc-page" tabIndex={-1} data-first>
          {doc && <DocBody key={id} doc={doc} onOpen={(step) => setView({ doc: step })} />}
          {shelf.phase === 'failed' && <Missing />}
        </div>
        <footer>
          <Turn to={previous} direction="previous" onTurn={turn} />
          <UseButton entry={entry} onUsed={onUsed} />
          <Turn to={next} direction="next" onTurn={turn} />
        </footer>
      </div>
    </Sheet>
  );
}

interface TurnProps {
  readonly to: Entry | undefined;
  readonly direction: 'previous' | 'next';
  readonly onTurn: (to: Entry | undefined) => void;
}

function Turn({ to, direction, onTurn }: TurnProps) {
  const icon = <Icon name={direction === 'previous' ? 'left' : 'right'} size={14} />;
  return (
    <button
      type="button"
      className={`flat turn ${direction}`}
      aria-label={to ? `${direction} method: ${to.name}` : `no ${direction} method`}
      title={direction === 'previous' ? '[' : ']'}
      disabled={!to}
      onClick={() => onTurn(to)}
    >
      {direction === 'previous' && icon} <span>{to?.name}</span> {direction === 'next' && icon}
    </button>
  );
}
