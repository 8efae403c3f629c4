import { useState } from 'react';
import { flushSync } from 'react-dom';
import { bytesInWords, timeInWords } from '../../formats/in-words.ts';
import { messageRead, removeWritten, writtenFile } from '../../store/files/merge.ts';
import type { Work } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { canLookIntoMerge } from '../../store/files/subject.ts';
import { showLora } from '../../store/files/view.ts';
import { save } from '../save.ts';

/** The merge as an adapter: in the inspector, which stands far above the card on a phone. */
function openLora(): void {
  flushSync(showLora);
  const views = document.querySelector('.centre-views');
  views?.scrollIntoView({ block: 'start' });
  views?.querySelector<HTMLElement>('input:checked')?.focus({ preventScroll: true });
}

/** The merged file: what it is, its checksum as it was read back, and the way to take it. */
export function ResultCard({ work }: { readonly work: Extract<Work, { readonly phase: 'written' }> }) {
  const { name, receipt, seconds, target } = work.written;
  const isLooked = useFiles(canLookIntoMerge);
  const [told, setTold] = useState('');
  const [file] = receipt.files;
  const download = async () => {
    save(name, await writtenFile(name));
    setTold('Handed to your downloads. It can be removed here when it is there.');
  };
  return (
    <section className="result-card" aria-label="Merged file">
      <h3>Merged</h3>
      <p className="file-name">{name}</p>
      <p>
        {receipt.tensors} tensors · {bytesInWords(receipt.bytes)} · {timeInWords(seconds)}
        {receipt.resumed > 0 && ` · went on after ${receipt.resumed} tensors`}
      </p>
      <dl className="checksum">
        <dt>SHA-256, read back</dt>
        <dd>
          <code>{file?.sha256}</code>
        </dd>
      </dl>
      {receipt.overflows.length > 0 && (
        <p className="bad">
          Values too large for the data type became infinite in{' '}
          {receipt.overflows.map(({ tensor, count }) => `${tensor} (${count})`).join(', ')}: choose F32 or BF16.
        </p>
      )}
      <div className="merge-actions">
        {target === 'private' && (
          <>
            <button type="button" className="primary" onClick={() => void download()}>
              Download
            </button>
            {isLooked && (
              <button type="button" className="plain" onClick={openLora}>
                LoRA of this merge
              </button>
            )}
            <button type="button" className="flat" onClick={() => void removeWritten()}>
              Remove from this browser
            </button>
          </>
        )}
        {target === 'chosen' && (
          <button type="button" className="flat" onClick={messageRead}>
            Put away
          </button>
        )}
      </div>
      <p className="hint" role="status">
        {told ||
          (target === 'chosen'
            ? 'It lies where you chose.'
            : `It takes ${bytesInWords(receipt.bytes)} of this browser’s storage until it is removed.`)}
      </p>
    </section>
  );
}
