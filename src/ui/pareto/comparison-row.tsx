import type { ReactNode } from 'react';
import type { Cost } from '../../store/comparison-views.ts';
import { COMPARISON_NAMES } from '../../store/comparisons.ts';
import { useStudio } from '../../store/studio.ts';
import { duration } from '../charts/format.ts';
import { Term } from '../controls/term.tsx';
import { ComparisonMark } from './comparison-mark.tsx';

const HELP: Readonly<Record<Cost['id'], string>> = {
  random: 'As many merges as MAP has measured, drawn evenly from the same box by the recipe’s seed.',
  shared: 'Task Arithmetic with one λ for all experts, in even steps from absent to fully added (Ilharco et al. 2023).',
  soups: 'Averages of the experts with weights that sum to 1, evenly spread (Ramé et al. 2023).',
  greedy: 'Experts join the average one by one, the best first, while calibration gets better (Wortsman et al. 2022).',
  trained: 'Coefficients learned from unlabelled images by a short training (Yang et al. 2023).',
};

interface ComparisonRowProps {
  readonly cost: Cost;
  /** Merges measured so far. */
  readonly measured: number;
  /** Cells of what came of it, once there is something. */
  readonly children?: ReactNode;
}

/** One comparison: shown or hidden once it is measured, and what it costs before. */
export function ComparisonRow({ cost, measured, children }: ComparisonRowProps) {
  const { id, merges, left } = cost;
  const name = COMPARISON_NAMES[id];
  const hidden = useStudio((state) => state.hidden.includes(id));
  const show = useStudio((state) => state.showComparison);
  // Parallel axes show what MAP measured and predicts.
  const drawable = useStudio((state) => state.view?.goals !== 'all');
  const running = useStudio((state) => state.plan?.comparison?.id === id);
  return (
    <tr data-set={id}>
      <th scope="row">
        <span className="set-name">
          {drawable && (
            <input
              type="checkbox"
              aria-label={`Draw ${name}`}
              checked={measured > 0 && !hidden}
              disabled={measured === 0}
              onChange={(event) => show(id, event.currentTarget.checked)}
            />
          )}
          <ComparisonMark id={id} />
          <Term help={HELP[id]}>{name}</Term>
        </span>
      </th>
      <td>
        {measured > 0 && measured < merges ? `${measured} of ` : ''}
        {merges > 0 ? merges : '–'} {children && left > 0 && !running && <Start cost={cost} />}
      </td>
      {children ?? (
        <td className="set-cost" colSpan={2}>
          {running ? <Running /> : <Start cost={cost} words={wordsOf(cost)} />}
        </td>
      )}
    </tr>
  );
}

function wordsOf({ id, left, seconds }: Cost): string {
  if (left === 0) return 'measured already';
  const time = seconds === null ? '' : `about ${duration(seconds)}`;
  return [time, id === 'trained' ? 'and a training' : ''].filter(Boolean).join(' ');
}

function Start({ cost: { id, merges, left }, words = '' }: { readonly cost: Cost; readonly words?: string }) {
  const start = useStudio((state) => state.compareWith);
  const ready = useStudio(({ zoo, search }) => zoo.phase === 'ready' && !BUSY.includes(search.phase));
  if (merges === 0) return <>as many as MAP: measure points first</>;
  return (
    <>
      <button
        type="button"
        className="plain"
        disabled={!ready}
        aria-label={left > 0 ? `Measure ${left} merges of ${COMPARISON_NAMES[id]}` : `Show ${COMPARISON_NAMES[id]}`}
        onClick={() => start(id)}
      >
        {left > 0 ? `Measure ${left}` : 'Show'}
      </button>{' '}
      {words}
    </>
  );
}

const BUSY: readonly string[] = ['measuring', 'paused', 'choosing'];

/** The plan itself is paused and stopped where all plans are. */
function Running() {
  const search = useStudio((state) => state.search);
  const training = useStudio((state) => state.training);
  if (training)
    return (
      <>
        <progress aria-label={training.doing} value={training.done} max={training.total} /> {training.doing}
      </>
    );
  if (search.phase === 'paused') return <>paused</>;
  return search.phase === 'measuring' ? (
    <>
      measuring {search.done} of {search.total} …
    </>
  ) : null;
}
