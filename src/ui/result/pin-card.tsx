import catalogue from 'virtual:catalogue';
import { useState } from 'react';
import { differences } from '../../store/differences.ts';
import { PIN_LETTERS, type Pin, type PinName, selectPinnable } from '../../store/pins.ts';
import { selectMergeId } from '../../store/selectors.ts';
import { signed } from '../../store/sentence.ts';
import { useStudio } from '../../store/studio.ts';
import { versusAverage } from '../../store/versus.ts';
import { percent } from '../charts/format.ts';
import { Icon } from '../icons.tsx';
import { chainName } from '../ingredients/methods.ts';
import { namesOf } from './names.ts';
import './pin-card.css';

/** Differences that are told before "more". */
const FIRST = 4;

/** The pinned results, and what is different between A and B or, without a B, the merge on the screen. */
export default function PinCard() {
  const a = useStudio((state) => state.pins.a);
  const b = useStudio((state) => state.pins.b);
  const swap = useStudio((state) => state.swapPins);
  const current = useStudio(selectPinnable);
  if (!a) return null;
  return (
    <section className="pins" aria-label="Pinned merges">
      <div className="pin-heads">
        <PinHead name="a" pin={a} />
        {b && <PinHead name="b" pin={b} />}
        <button
          type="button"
          className="plain"
          disabled={!b && !current}
          title={b ? 'A and B change places' : 'A comes onto the screen, and what is on the screen becomes A'}
          onClick={swap}
        >
          {b ? 'Swap A and B' : 'Swap with A'}
        </button>
      </div>
      <Changes a={a} b={b} />
    </section>
  );
}

function PinHead({ name, pin }: { readonly name: PinName; readonly pin: Pin }) {
  const adopt = useStudio((state) => state.adopt);
  const unpin = useStudio((state) => state.pin);
  const shown = useStudio((state) => selectMergeId(state) === pin.mergeId);
  const letter = PIN_LETTERS[name];
  const scores = Object.values(pin.test);
  const average = scores.reduce((sum, { correct, n }) => sum + correct / n, 0) / scores.length;
  const n = Math.min(...scores.map((score) => score.n));
  return (
    <div className="pin-head" data-pin={name} data-merge-id={pin.mergeId}>
      <strong>{letter}</strong>
      <span className="pin-name">{chainName(pin.recipe)}</span>
      <span title={`Average over its ${scores.length} tasks, test, n = ${n} per task`}>
        {percent(average)} % <small>n = {n}</small>
      </span>
      <button type="button" className="flat" disabled={shown} onClick={() => adopt(pin.recipe)}>
        {shown ? 'on the screen' : `Use ${letter}`}
      </button>
      <button type="button" className="flat-icon" aria-label={`Unpin ${letter}`} onClick={() => unpin(name, null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Changes({ a, b }: { readonly a: Pin; readonly b: Pin | null }) {
  const card = useStudio((state) => state.card);
  const recipe = useStudio((state) => state.recipe);
  const measured = useStudio(selectPinnable);
  const [more, setMore] = useState(false);
  if (!card || !recipe) return null;
  const after = b?.recipe ?? recipe;
  const list = differences(a.recipe, after, namesOf(card), catalogue);
  const test = b ? b.test : measured?.test;
  const average = test && versusAverage(test, a.test);
  const title = `A → ${b ? 'B' : 'now'}`;
  return (
    <div className="pin-changes" data-changes={list.length}>
      <h3>What changed, {title}</h3>
      {list.length === 0 && <p className="hint">nothing: it is the same merge</p>}
      <ul>
        {list.slice(0, more ? list.length : FIRST).map(({ what, before, after: now }) => (
          <li key={what}>
            {what}{' '}
            <span>
              {before} → <b>{now}</b>
            </span>
          </li>
        ))}
        {list.length > FIRST && (
          <li>
            <button type="button" className="flat" aria-expanded={more} onClick={() => setMore(!more)}>
              {more ? 'fewer' : `${list.length - FIRST} more`}
            </button>
          </li>
        )}
      </ul>
      {average && list.length > 0 && (
        <p className={average.beyondNoise ? '' : 'noise'}>
          average {signed(average.delta)} points over {average.tasks} {average.tasks === 1 ? 'task' : 'tasks'}
          {average.beyondNoise ? '' : ', within noise'}
        </p>
      )}
    </div>
  );
}
