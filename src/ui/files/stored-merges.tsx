import { bytesInWords } from '../../formats/in-words.ts';
import { removeStored, writtenFile } from '../../store/files/merge.ts';
import { useFiles } from '../../store/files/store.ts';
import { save } from '../save.ts';

/** Merges of earlier visits, which take room in this browser until they are removed. */
export function StoredMerges() {
  const stored = useFiles((state) => state.stored);
  const shown = useFiles(({ work }) => (work.phase === 'written' ? work.written.name : null));
  const begun = useFiles(({ unfinished }) => unfinished?.name);
  const isBusy = useFiles(({ work }) => work.phase !== 'idle' && work.phase !== 'written' && work.phase !== 'failed');
  const earlier = stored.filter(({ name }) => name !== shown && name !== begun);
  if (earlier.length === 0 || isBusy) return null;
  const bytes = earlier.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <section className="stored-merges" aria-label="Earlier merges">
      <h3>Earlier merges in this browser</h3>
      <p className="hint">They take {bytesInWords(bytes)} of its storage until they are removed.</p>
      <ul>
        {earlier.map((one) => (
          <li key={one.name}>
            <span className="file-name">{one.name}</span>
            <span className="hint">{bytesInWords(one.bytes)}</span>
            <span className="merge-actions">
              <button
                type="button"
                className="flat"
                aria-label={`Download ${one.name}`}
                onClick={async () => save(one.name, await writtenFile(one.name))}
              >
                Download
              </button>
              <button
                type="button"
                className="flat"
                aria-label={`Remove ${one.name} from this browser`}
                onClick={() => void removeStored(one.name)}
              >
                Remove
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
