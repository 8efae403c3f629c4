import { bytesInWords } from '../../formats/in-words.ts';
import type { Wanted } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { otherFile } from '../../store/files/wanted.ts';

const SHOWN_DIGITS = 12;

/** A link or a recipe names files and holds none: they have to be dropped. */
export function WantedFiles() {
  const wanted = useFiles((state) => state.wanted);
  const models = useFiles((state) => state.models);
  const open = models.flatMap(({ files }) => files);
  const lacking = wanted.filter(
    (one) => !open.some(({ size, print }) => size === one.size && print?.startsWith(one.print)),
  );
  const giveUp = useFiles((state) => state.absentGivenUp);
  if (lacking.length === 0) return null;
  return (
    <section className="wanted" aria-label="Files that the merge needs">
      <h3>
        This merge needs {lacking.length === 1 ? 'this file' : `these ${lacking.length} files`}: drop{' '}
        {lacking.length === 1 ? 'it' : 'them'} here
      </h3>
      <ul>
        {lacking.map((one) => (
          <li key={`${one.name}-${one.print}`}>
            {one.name} <span className="hint">{bytesInWords(one.size)}</span>{' '}
            <code>{one.print.slice(0, SHOWN_DIGITS)}</code>
            <OtherFile wanted={one} />
          </li>
        ))}
      </ul>
      <p className="hint">Links and recipes hold settings and the names of files, never weights.</p>
      {models.length > 0 && (
        <button type="button" className="plain" onClick={giveUp}>
          Go on without {lacking.length === 1 ? 'it' : 'them'}
        </button>
      )}
    </section>
  );
}

/** A file of the same name that is open, and is another one. */
function OtherFile({ wanted }: { readonly wanted: Wanted }) {
  const reason = useFiles((state) => otherFile(wanted, state));
  return reason === undefined ? null : <p className="hint">{reason}.</p>;
}
