import { bytesInWords } from '../../formats/in-words.ts';
import { useFiles } from '../../store/files/store.ts';

/** A link names files and holds none: they have to be dropped. */
export function WantedFiles() {
  const wanted = useFiles((state) => state.wanted);
  const models = useFiles((state) => state.models);
  const open = models.flatMap(({ files }) => files);
  const lacking = wanted.filter(
    (one) => !open.some(({ size, print }) => size === one.size && print.startsWith(one.print)),
  );
  const giveUp = useFiles((state) => state.absentGivenUp);
  if (lacking.length === 0) return null;
  return (
    <section className="wanted" aria-label="Files that the link needs">
      <h3>
        This link needs {lacking.length === 1 ? 'this file' : `these ${lacking.length} files`}: drop{' '}
        {lacking.length === 1 ? 'it' : 'them'} here
      </h3>
      <ul>
        {lacking.map(({ name, size, print }) => (
          <li key={`${name}-${print}`}>
            {name} <span className="hint">{bytesInWords(size)}</span> <code>{print}</code>
          </li>
        ))}
      </ul>
      <p className="hint">A link holds settings and the names of files, never weights.</p>
      {models.length > 0 && (
        <button type="button" className="plain" onClick={giveUp}>
          Go on without {lacking.length === 1 ? 'it' : 'them'}
        </button>
      )}
    </section>
  );
}
