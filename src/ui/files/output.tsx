import { useState } from 'react';
import { startMerge } from '../../store/files/merge.ts';
import { type Offer, offerOf } from '../../store/files/offer.ts';
import type { FilesState } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { Segmented } from '../controls/segmented.tsx';
import { showChoices } from './choices.tsx';
import { Needs } from './needs.tsx';
import { canChoosePlace, choosePlace } from './place.ts';
import { ResultCard } from './result-card.tsx';
import { StoredMerges } from './stored-merges.tsx';
import { TakeAway } from './take-away.tsx';
import { UnfinishedCard } from './unfinished.tsx';
import { WhoseNetwork } from './whose-network.tsx';
import { Working } from './working.tsx';

const DTYPES = [
  { value: 'as-base', name: 'as the base', help: 'Each tensor as the base, or the first expert, stores it' },
  { value: 'F32', name: 'F32' },
  { value: 'F16', name: 'F16' },
  { value: 'BF16', name: 'BF16' },
] as const;

/** What comes out: its data type, what it takes, the merge, and the file. */
export function Output({ phone }: { readonly phone: boolean }) {
  const dtype = useFiles((state) => state.dtype);
  const setDtype = useFiles((state) => state.dtypeChosen);
  const configuration = useFiles((state) => state.configuration);
  const work = useFiles((state) => state.work);
  const unfinished = useFiles((state) => state.unfinished);
  const planned = useFiles((state) => state.planned);
  const check = useFiles((state) => state.check);
  const offer = offerOf(planned, check, phone);
  return (
    <section className="output" aria-label="Output">
      <header className="section-head">
        <h2>Output</h2>
      </header>
      {configuration === null && (
        <>
          <WhoseNetwork />
          <Segmented<FilesState['dtype']> label="Data type" options={DTYPES} value={dtype} onChoose={setDtype} />
        </>
      )}
      <Needs />
      {work.phase === 'merging' || work.phase === 'pausing' || work.phase === 'paused' ? (
        <Working work={work} ready={offer.kind === 'ready'} />
      ) : (
        <>
          {unfinished && <UnfinishedCard unfinished={unfinished} />}
          <MergeButton offer={offer} />
        </>
      )}
      {work.phase === 'failed' && (
        <div className="work-failed" role="alert">
          <p>{work.failure.message}</p>
          <p className="hint">{work.failure.todo}</p>
        </div>
      )}
      {work.phase === 'written' && <ResultCard work={work} />}
      <TakeAway />
      <StoredMerges />
    </section>
  );
}

/** Why there is no merge now. What the panel of choices says at length is only pointed at. */
function Refusal({ offer: { reasons, open, misfit } }: { readonly offer: Extract<Offer, { kind: 'refused' }> }) {
  return (
    <div className="reasons" role="status">
      {misfit && <p className="bad">These models do not fit together: the verdict says why.</p>}
      {open > 0 && (
        <p>
          {open === 1 ? 'One choice is' : `${open} choices are`} still to be made.{' '}
          <button type="button" className="plain" onClick={showChoices}>
            Show {open === 1 ? 'it' : 'them'}
          </button>
        </p>
      )}
      <ul className="fit-notes">
        {reasons.map((reason) => (
          <li key={reason} className="bad">
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

function MergeButton({ offer }: { readonly offer: Offer }) {
  const [problem, setProblem] = useState<string | null>(null);
  const toDisk = async () => {
    setProblem(null);
    try {
      const handle = await choosePlace();
      if (handle) await startMerge(handle);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="merge-actions">
      <button type="button" className="primary" disabled={offer.kind !== 'ready'} onClick={() => void startMerge()}>
        Merge
      </button>
      {canChoosePlace() && (
        <button type="button" className="plain" disabled={offer.kind !== 'ready'} onClick={() => void toDisk()}>
          Merge into a file …
        </button>
      )}
      {offer.kind === 'refused' && <Refusal offer={offer} />}
      {problem && (
        <p role="alert" className="bad">
          {problem}
        </p>
      )}
      {offer.kind === 'ready' && (
        <p className="hint">
          “Merge” keeps the file in this browser until it is downloaded, and goes on after a reload.
          {canChoosePlace() && ' “Merge into a file” writes to your disk directly; a reload begins it anew.'}
        </p>
      )}
    </div>
  );
}
