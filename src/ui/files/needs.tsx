import { bytesInWords } from '../../formats/in-words.ts';
import { useFiles } from '../../store/files/store.ts';

/** What the merge will take, before it begins. */
export function Needs() {
  const planned = useFiles((state) => state.planned);
  const needs = planned.phase === 'planned' ? planned.plan.needs : null;
  const remarks = planned.phase === 'planned' ? planned.plan.remarks : [];
  return (
    <>
      <dl className="needs">
        <div>
          <dt>Size</dt>
          <dd>{needs ? bytesInWords(needs.outputBytes) : '–'}</dd>
        </div>
        <div>
          <dt>Reads</dt>
          <dd>
            {needs ? bytesInWords(needs.inputBytes) : '–'}
            {needs && needs.passes > 1 && `, ${needs.passes} times`}
          </dd>
        </div>
        <div>
          <dt>Memory</dt>
          <dd title={needs?.largest ? `most for ${needs.largest}` : undefined}>
            {needs ? `≤ ${bytesInWords(needs.peakBytes)}` : '–'}
          </dd>
        </div>
      </dl>
      {remarks.length > 0 && (
        <details className="file-notes">
          <summary>
            {remarks.length} {remarks.length === 1 ? 'remark' : 'remarks'}
          </summary>
          <ul>
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
