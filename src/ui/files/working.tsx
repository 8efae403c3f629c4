import { bytesInWords, grouped, timeInWords } from '../../formats/in-words.ts';
import { nameOf } from '../../store/files/asked.ts';
import { cancelMerge, goOn, isOtherMerge, mergeInstead, pauseMerge } from '../../store/files/merge.ts';
import type { Work } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { chainName } from '../ingredients/methods.ts';

type UnderWay = Extract<Work, { readonly progress: unknown }>;

interface WorkingProps {
  readonly work: UnderWay;
  /** Whether what is set on the screen could be merged. */
  readonly ready: boolean;
}

/** How far the merge is, and the ways to stop it. */
export function Working({ work, ready }: WorkingProps) {
  const { progress, secondsLeft, phase } = work;
  const { doneBytes, totalBytes, doneTensors, totalTensors, doing } = progress;
  return (
    <div className="working" data-phase={phase}>
      <WhatIsMerged asked={work.asked} />
      <progress aria-label="Merge" value={doneBytes} max={Math.max(1, totalBytes)} />
      <p>
        {grouped(doneTensors)} of {grouped(totalTensors)} tensors · {bytesInWords(doneBytes)} of{' '}
        {bytesInWords(totalBytes)}
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
      <Other phase={phase} ready={ready} />
    </div>
  );
}

/** Its method and models: those on the screen may be others by now. */
function WhatIsMerged({ asked: { experts, chain, configuration } }: Pick<UnderWay, 'asked'>) {
  const recipe = useFiles((state) => state.recipe);
  const models = useFiles((state) => state.models);
  const how = configuration === null ? chainName({ ...recipe, experts, chain }) : 'mergekit configuration';
  const names = experts.map((id) => nameOf({ models }, id)).join(', ');
  return (
    <p className="hint what">
      {how}: {names}
    </p>
  );
}

/** Why the merge that is set on the screen does not begin, and the way to begin it. */
function Other({ phase, ready }: { readonly phase: UnderWay['phase']; readonly ready: boolean }) {
  const isOther = useFiles(isOtherMerge);
  if (!isOther) return null;
  return (
    <div className="other-merge" role="status">
      <p>
        The settings are for another merge now. One is made at a time: it can begin when this one{' '}
        {phase === 'merging' ? 'is done, or is given up.' : 'has gone on to its end, or is given up.'}
      </p>
      <button type="button" className="plain" disabled={!ready} onClick={() => void mergeInstead()}>
        Give this one up and merge what is set
      </button>
    </div>
  );
}
