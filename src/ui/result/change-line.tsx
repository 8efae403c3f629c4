import { useEffect, useState } from 'react';
import { selectIsPack } from '../../store/is-pack.ts';
import type { TaskRow } from '../../store/selectors.ts';
import { changeSentence, openingSentence, type Part } from '../../store/sentence.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';
import { namesOf } from './names.ts';

/** The one sentence about what the last settled change did; a screen reader hears it once per change. */
export function ChangeLine({ rows }: { readonly rows: readonly TaskRow[] }) {
  const parts = useSettledSentence(rows);
  const settled = useStudio(selectSettled) !== null;
  const index = (task: string) => rows.find((row) => row.task === task)?.index;
  return (
    <p className={settled ? 'change-line' : 'change-line stale'} aria-live="polite" data-testid="sentence">
      {parts.map((part, i) => {
        const expert = part.task === undefined ? undefined : index(part.task);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move against each other
          <span key={i} className={`tone-${part.tone}`}>
            {expert !== undefined && <ExpertMark index={expert} size={11} />}
            {part.text}
          </span>
        );
      })}
    </p>
  );
}

/** The measurement that the sentence is about: complete, or the one that came with the models while nothing else is there. */
function selectSettled({ run, measurement }: StudioState): StudioState['measurement'] {
  if (run.phase === 'measured' || (run.phase === 'idle' && measurement?.source === 'zoo')) return measurement;
  return null;
}

function useSettledSentence(rows: readonly TaskRow[]): readonly Part[] {
  const card = useStudio((state) => state.card);
  const settled = useStudio(selectSettled);
  const previous = useStudio((state) => state.previous);
  const pack = useStudio(selectIsPack);
  const [parts, setParts] = useState<readonly Part[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows follow every frame; the sentence waits for the settled merge
  useEffect(() => {
    if (!settled || !card) return;
    const names = namesOf(card);
    const changed = previous !== null && previous.mergeId !== settled.mergeId;
    const kept = rows.flatMap((row) => (row.merged && row.ofExpert !== null ? [[row.task, row.ofExpert]] : []));
    setParts(
      changed ? changeSentence(previous, settled, names) : openingSentence(Object.fromEntries(kept), names, pack),
    );
  }, [settled, previous, card]);
  return parts;
}
