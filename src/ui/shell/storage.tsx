import './storage.css';
import { useEffect, useState } from 'react';
import { bytesInWords } from '../../formats/in-words.ts';
import { clearStored, type Stored, storedNow } from '../../store/storage.ts';

const NAMES = {
  offline: { name: 'The page and its models', use: 'so that it opens without a network' },
  measurements: { name: 'Measurements, pins and own models', use: 'so that a reload does not lose them' },
  files: { name: 'Files of merges', use: 'unfinished ones, and those not taken away yet' },
} as const;

/** What the browser keeps for this page, and a way to be rid of it. */
export default function Storage() {
  const [stored, setStored] = useState<readonly Stored[] | null>(null);
  useEffect(() => {
    void storedNow().then(setStored);
  }, []);
  const onClear = async (id: Stored['id']) => {
    await clearStored(id);
    // What was measured is in memory too, and would be kept again with the next point.
    if (id === 'measurements') location.reload();
    else setStored(await storedNow());
  };
  return (
    <section className="storage" aria-label="Kept in this browser">
      <h3>Kept in this browser</h3>
      {!stored && <p className="hint">Counting …</p>}
      {stored && (
        <ul>
          {stored.map(({ id, bytes, items }) => (
            <li key={id}>
              <span>
                <b>{NAMES[id].name}</b> <span className="hint">{NAMES[id].use}</span>
              </span>
              <span className="size">{items === 0 ? 'nothing' : bytesInWords(bytes)}</span>
              <button
                type="button"
                className="plain"
                disabled={items === 0}
                aria-label={`Clear: ${NAMES[id].name}`}
                onClick={() => void onClear(id)}
              >
                Clear
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
