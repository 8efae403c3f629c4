import { useEffect, useState } from 'react';
import { bytesInWords } from '../../formats/in-words.ts';
import { useFiles } from '../../store/files/store.ts';
import { bytesToRead, isSurveyed, onReading, selectFilesSubject, stopReading } from '../../store/files/subject.ts';
import { Inspect } from '../inspect/inspect.tsx';

/** More than this is read when somebody says so: it takes longer than a few seconds. */
const ASK_ABOVE = 500_000_000;

/** The insides of the open models, and of the merge that was made of them. */
export default function InspectOwn() {
  const subject = useFiles(selectFilesSubject);
  const bytes = useFiles(bytesToRead);
  const [wanted, setWanted] = useState<string>();
  const [read, setRead] = useState<{ readonly done: number; readonly total: number }>();
  useEffect(() => {
    const stop = onReading((done, total) => setRead(done < total ? { done, total } : undefined));
    return () => {
      stop();
      stopReading();
    };
  }, []);
  if (!subject) return <p className="hint">Give a model a part to look into it.</p>;
  if (bytes > ASK_ABOVE && wanted !== subject.key && !isSurveyed(subject))
    return (
      <section className="inspect-ask" aria-label="Inspect">
        <p>Every weight is read for this, part by part: {bytesInWords(bytes)}.</p>
        <button type="button" className="primary" onClick={() => setWanted(subject.key)}>
          Read all weights
        </button>
      </section>
    );
  return <Inspect isHeaded subject={subject} doing={read ? `Reading, ${read.done} of ${read.total} tensors` : ''} />;
}
