import { useState } from 'react';
import { grouped } from '../../formats/in-words.ts';
import type { Subject, Survey } from '../../store/inspect/subject.ts';
import { ModelChooser } from './models.tsx';
import { figure } from './numbers.ts';
import { Part } from './part.tsx';
import { PixelCanvas, pixelWords } from './pixel-canvas.tsx';
import { useAnswer } from './use-answer.ts';

/** Tensors that are listed: those that differ most. */
const LISTED = 8;

interface DifferenceProps {
  readonly subject: Subject;
  readonly survey: Survey;
  readonly onOpen: (tensor: string) => void;
}

/** Any two models against each other. */
export function Difference({ subject, survey: { models, tensors }, onOpen }: DifferenceProps) {
  const merge = models.find(({ role }) => role === 'merge') ?? models.at(-1);
  const [first, setFirst] = useState<string>();
  const [second, setSecond] = useState<string>();
  const a = models.find(({ id }) => id === first) ?? merge;
  const b = models.find(({ id }) => id === second) ?? models.find((model) => model !== merge);
  const { value, fresh, failure } = useAnswer(a && b ? `${subject.key} ${a.id} ${b.id}` : null, () =>
    subject.difference(a?.id ?? '', b?.id ?? ''),
  );
  if (!a || !b) return null;
  const all = [...(value ?? [])].sort((x, y) => y.norm - x.norm);
  const norm = Math.hypot(...all.map((one) => one.norm));
  const reference = Math.hypot(...all.map((one) => one.reference));
  const [worst] = [...all].sort((x, y) => y.most - x.most);
  return (
    <Part title="Difference of any two" note="Exact; from every entry of the tensors that both have.">
      <div className="inspect-tools">
        <ModelChooser label="from" models={models} value={b.id} onChoose={setSecond} />
        <ModelChooser label="to" models={models} value={a.id} onChoose={setFirst} />
      </div>
      {failure !== undefined && <p role="alert">{failure}</p>}
      {value && worst && (
        <div className="difference" data-fresh={fresh} data-norm={norm}>
          {norm === 0 ? (
            <p>They are the same in all {grouped(all.length)} tensors, entry by entry.</p>
          ) : (
            <p>
              ‖{a.name} − {b.name}‖ is <b>{figure(norm)}</b>, {(100 * (norm / reference)).toFixed(1)} % of ‖{b.name}‖.
              The largest single difference is {figure(worst.most)}, in <code>{worst.name}</code> at entry{' '}
              {grouped(worst.at)}
              {all.length < tensors.length && `; ${tensors.length - all.length} tensors are not in both`}.
            </p>
          )}
          {norm > 0 && (
            <>
              <table className="inspect-table">
                <thead>
                  <tr>
                    <th scope="col">differs most in</th>
                    <th scope="col">norm</th>
                    <th scope="col">relative</th>
                    <th scope="col">largest</th>
                  </tr>
                </thead>
                <tbody>
                  {all.slice(0, LISTED).map((one) => (
                    <tr key={one.name}>
                      <th scope="row">
                        <button type="button" className="link" onClick={() => onOpen(one.name)}>
                          {one.name}
                        </button>
                      </th>
                      <td>{figure(one.norm)}</td>
                      <td>{one.reference > 0 ? `${(100 * (one.norm / one.reference)).toFixed(1)} %` : '–'}</td>
                      <td>{figure(one.most)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {all[0] && <DifferenceMap subject={subject} tensor={all[0].name} most={all[0].most} a={a.id} b={b.id} />}
            </>
          )}
        </div>
      )}
    </Part>
  );
}

interface MapProps {
  readonly subject: Subject;
  readonly tensor: string;
  readonly most: number;
  readonly a: string;
  readonly b: string;
}

/** Where in the tensor that differs most. */
function DifferenceMap({ subject, tensor, most, a, b }: MapProps) {
  const { value } = useAnswer(`${subject.key} ${tensor} ${a} ${b}`, () => subject.differenceMap(tensor, a, b));
  if (!value) return null;
  return (
    <figure className="inspect-figure">
      <PixelCanvas map={value} range={[0, most]} label={`Size of the difference in ${tensor}, entry by entry`} />
      <figcaption className="hint">
        {tensor}: ink is a difference of {figure(most)}, paper none. {pixelWords(value)}
      </figcaption>
    </figure>
  );
}
