import { bytesInWords, timeInWords } from '../../formats/in-words.ts';
import { cancelMerge, goOn, pauseMerge } from '../../store/files/merge.ts';
import type { Work } from '../../store/files/state.ts';

/** How far the merge is, and the ways to stop it. */
export function Working({ work }: { readonly work: Extract<Work, { readonly progress: unknown }> }) {
  const { progress, secondsLeft, phase } = work;
  const { doneBytes, totalBytes, doneTensors, totalTensors, doing } = progress;
  return (
    <div className="working" data-phase={phase}>
      <progress aria-label="Merge" value={doneBytes} max={Math.max(1, totalBytes)} />
      <p>
        {doneTensors} of {totalTensors} tensors · {bytesInWords(doneBytes)} of {bytesInWords(totalBytes)}
      </p>
      <p className="hint doing" role="status">
        {phase === 'paused' && 'Paused. What is written stays.'}
        {phase === 'pausing' && 'Coming to rest …'}
        {phase === 'merging' && secondsLeft !== null && `${timeInWords(secondsLeft)} left`}
      </p>
      <p className="hint doing" title={doing}>
        {doing}
      </p>
      <div className="merge-actions">
        {phase === 'merging' ? (
          <button type="button" className="plain" onClick={pauseMerge}>
            Pause
          </button>
        ) : (
          <button type="button" className="plain" onClick={goOn}>
            Go on
          </button>
        )}
        <button type="button" className="plain" onClick={cancelMerge}>
          Cancel
        </button>
      </div>
    </div>
  );
}
