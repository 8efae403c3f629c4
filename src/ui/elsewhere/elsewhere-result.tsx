import { selectExploration, selectMergeId, selectTaskRows } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { ValueTable } from './value-table.tsx';
import '../result/result.css';

/** The merge at the sliders: the file's own values where it has them, else what the surrogates say. */
export function ElsewhereResult() {
  const rows = useStudio(selectTaskRows);
  const mergeId = useStudio(selectMergeId) ?? '';
  return (
    <section className="result" aria-label="Result" data-merge-id={mergeId}>
      <header className="panel-head">
        <h2>Result</h2>
      </header>
      <p className="state-line">
        <Origin estimated={rows.some(({ state }) => state === 'estimated')} known={rows.some(hasValue)} />
      </p>
      <ValueTable rows={rows} />
      <p className="result-key">
        <span>solid: measured elsewhere</span>
        <span>hollow: estimated</span>
        <span>whisker: 95 % interval</span>
      </p>
    </section>
  );
}

const hasValue = ({ accuracy }: { readonly accuracy: number | null }) => accuracy !== null;

function Origin({ estimated, known }: { readonly estimated: boolean; readonly known: boolean }) {
  const points = useStudio((state) => selectExploration(state)?.points ?? 0);
  const text = !estimated
    ? 'a merge of the file, measured elsewhere'
    : points > 0 && known
      ? `estimated from ${points} merges that were measured elsewhere; no model is here`
      : 'neither measured nor estimated: the remarks on the file say what is missing';
  return <span data-testid="state-line">{text}</span>;
}
