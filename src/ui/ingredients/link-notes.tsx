import { useState } from 'react';
import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';

/** What was changed to open the link, until it is dismissed. Lies over the end of the column: no slider moves for it. */
export function LinkNotes() {
  const notes = useStudio((state) => state.linkNotes);
  const [dismissed, setDismissed] = useState<readonly string[] | null>(null);
  if (notes.length === 0 || dismissed === notes) return null;
  return (
    <aside className="link-notes" aria-label="Notes on the link">
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <button type="button" className="flat-icon" aria-label="Dismiss the notes" onClick={() => setDismissed(notes)}>
        <Icon name="close" size={12} />
      </button>
    </aside>
  );
}
