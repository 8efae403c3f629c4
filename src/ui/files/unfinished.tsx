import { bytesInWords } from '../../formats/in-words.ts';
import { discardUnfinished, resumeUnfinished } from '../../store/files/merge.ts';
import { lackingFor } from '../../store/files/restore.ts';
import type { Unfinished } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';

/** A merge that was cancelled, or cut off by a reload, and what it needs to go on. */
export function UnfinishedCard({ unfinished }: { readonly unfinished: Unfinished }) {
  const models = useFiles((state) => state.models);
  const lacking = lackingFor(unfinished, { models });
  return (
    <section className="unfinished" aria-label="Interrupted merge">
      <h3>A merge was interrupted at {Math.round(100 * unfinished.share)} %</h3>
      <p className="file-name">{unfinished.name}</p>
      {lacking.length > 0 && (
        <>
          <p>Choose the same files again to go on:</p>
          <ul>
            {lacking.map(({ path, size }) => (
              <li key={path}>
                {path} <span className="hint">{bytesInWords(size)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="merge-actions">
        <button type="button" className="plain" disabled={lacking.length > 0} onClick={() => void resumeUnfinished()}>
          Go on
        </button>
        <button type="button" className="flat" onClick={() => void discardUnfinished()}>
          Discard it
        </button>
      </div>
    </section>
  );
}
