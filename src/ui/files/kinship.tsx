import { bytesInWords } from '../../formats/in-words.ts';
import { nameOf } from '../../store/files/asked.ts';
import { readKinship } from '../../store/files/check.ts';
import type { Checked } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { ExpertMark } from '../marks.tsx';

const shown = (value: number) => (Number.isFinite(value) ? value.toPrecision(3) : '–');

/** Headers cannot say whether experts share the base: their weights can. */
export function KinshipPanel({ fit }: { readonly fit: Checked['fit'] }) {
  const kin = useFiles((state) => state.kin);
  return (
    <section className="kinship" aria-label="Do they share the base?">
      <header>
        <h3>Do they share the base?</h3>
        {kin.phase !== 'reading' && (
          <>
            <button type="button" className="plain" onClick={() => void readKinship('sampled')}>
              Read a sample
            </button>
            <button type="button" className="plain" onClick={() => void readKinship('exact')}>
              Read all weights
            </button>
          </>
        )}
      </header>
      {kin.phase === 'none' && (
        <p className="hint">Headers do not tell: the size of the changes and the angles between them do.</p>
      )}
      {kin.phase === 'reading' && (
        <p className="hint" role="status">
          <progress aria-label="Weights read" value={kin.done} max={Math.max(1, kin.total)} /> {kin.done} of {kin.total}
        </p>
      )}
      {kin.phase === 'failed' && (
        <p role="alert" className="bad">
          {kin.failure.message} {kin.failure.todo}
        </p>
      )}
      {kin.phase === 'read' && <Numbers kinship={kin.kinship} experts={fit.experts} />}
    </section>
  );
}

type Kinship = Extract<ReturnType<typeof useFiles.getState>['kin'], { phase: 'read' }>['kinship'];

function Numbers({ kinship, experts }: { readonly kinship: Kinship; readonly experts: readonly string[] }) {
  const models = useFiles((state) => state.models);
  const { read, basis, says, cosines } = kinship;
  return (
    <>
      <p role="status">{says}</p>
      <div className="kin-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Expert</th>
              <th scope="col">‖τ‖ / ‖θ₀‖</th>
              {experts.map((id, i) => (
                <th key={id} scope="col" title={`cosine of the task vectors with that of ${nameOf({ models }, id)}`}>
                  cos <ExpertMark index={i} />
                  <span className="unseen">{nameOf({ models }, id)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinship.experts.map(({ id, ratio, verdict }, i) => (
              <tr key={id} data-verdict={verdict}>
                <th scope="row">
                  <ExpertMark index={i} /> {nameOf({ models }, id)}
                </th>
                <td>{shown(ratio)}</td>
                {experts.map((other, j) => (
                  <td key={other}>{shown(cosines[i * experts.length + j] ?? Number.NaN)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint">
        {basis === 'sampled' ? 'From a sample: ' : 'From all weights: '}
        {read.tensors} of {read.of} tensors, {bytesInWords(read.bytes)}.
      </p>
    </>
  );
}
