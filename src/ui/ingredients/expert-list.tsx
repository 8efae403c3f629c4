import type { PointerEvent } from 'react';
import { isOrdered } from '../../store/order.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { BaseMark, ExpertMark } from '../marks.tsx';
import { OrderHandle, useOrder } from './expert-order.tsx';

type Card = NonNullable<StudioState['card']>;

interface Accuracy {
  readonly correct: number;
  readonly n: number;
}

const percent = ({ correct, n }: Accuracy) => `${((100 * correct) / n).toFixed(1)} %`;

interface ExpertRowProps {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly own: Accuracy | undefined;
  readonly inMix: boolean;
  /** The last one in the mix cannot be left out. */
  readonly last: boolean;
  /** Place among the experts of the mix, counted from 0, where their order counts. */
  readonly place: number | undefined;
  readonly onGrab: (id: string, event: PointerEvent<HTMLElement>) => void;
  readonly grabbed: boolean;
}

function ExpertRow({ index, id, name, summary, own, inMix, last, place, onGrab, grabbed }: ExpertRowProps) {
  const toggle = useStudio((state) => state.toggleExpert);
  return (
    <li
      className="model"
      data-expert={id}
      data-left-out={!inMix}
      data-ordered={place !== undefined || undefined}
      data-grabbed={grabbed || undefined}
    >
      {place !== undefined && <OrderHandle id={id} name={name} place={place} onGrab={(event) => onGrab(id, event)} />}
      <ExpertMark index={index} />
      <span className="model-name" title={summary}>
        {name}
      </span>
      <span className="model-accuracy" title={own && `${own.correct} of ${own.n} test samples of its own task`}>
        {own ? percent(own) : '–'}
      </span>
      <button
        type="button"
        className="flat-icon"
        aria-pressed={inMix}
        aria-label={`${id} in the mix`}
        title={last ? 'The last expert cannot be left out' : inMix ? `Leave ${name} out` : `Add ${name}`}
        disabled={last}
        onClick={() => toggle(id)}
      >
        <Icon name={inMix ? 'eye' : 'eyeOff'} />
      </button>
    </li>
  );
}

/** Sum over the tasks: what the base can do before any expert is added. */
function overall(scores: Readonly<Record<string, readonly Accuracy[]>> | undefined): Accuracy | undefined {
  const full = Object.values(scores ?? {}).flatMap((subsets) => subsets.at(-1) ?? []);
  if (full.length === 0) return undefined;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { correct: sum(full.map((score) => score.correct)), n: sum(full.map((score) => score.n)) };
}

/** An expert on the whole test set of the task that it was trained for. */
function ownAccuracy(card: Card, id: string): Accuracy | undefined {
  return card.accuracy[id]?.[id]?.at(-1);
}

/** The base and all experts of the family; those left out of the mix stay listed, dimmed. */
export function ExpertList() {
  const card = useStudio((state) => state.card);
  const recipe = useStudio((state) => state.recipe);
  const { list, grabbed, grab } = useOrder();
  if (!card || !recipe) return null;
  const chosen = recipe.experts;
  const ordered = isOrdered(recipe) && chosen.length > 1;
  const indexed = card.experts.map((expert, index) => ({ expert, index, place: chosen.indexOf(expert.id) }));
  // Where the order counts, the mix comes first and in its order.
  const after = ({ place }: { readonly place: number }) => (place < 0 ? chosen.length : place);
  const rows = ordered ? [...indexed].sort((a, b) => after(a) - after(b)) : indexed;
  const base = overall(card.accuracy.base);
  const n = ownAccuracy(card, card.experts[0]?.id ?? '')?.n;
  return (
    <section aria-label="Models">
      <header className="section-head">
        <h2>Experts</h2>
        <span className="count">
          {chosen.length} of {card.experts.length}
        </span>
        {n !== undefined && <span className="hint">own task, n = {n}</span>}
      </header>
      {ordered && <p className="hint">merged one after the other, from top to bottom: drag to change the order</p>}
      <ul className="models" ref={list}>
        <li className="model base">
          <BaseMark />
          <span className="model-name" title={`Where every expert started. ${card.summary}`}>
            {card.base.name}
          </span>
          <span className="model-accuracy" title={base && `${base.correct} of ${base.n} test samples of all tasks`}>
            {base ? percent(base) : '–'}
          </span>
          <span className="hint">all tasks</span>
        </li>
        {rows.map(({ expert, index, place }) => (
          <ExpertRow
            key={expert.id}
            index={index}
            id={expert.id}
            name={expert.name}
            summary={card.tasks.find((task) => task.id === expert.id)?.summary ?? ''}
            own={ownAccuracy(card, expert.id)}
            inMix={chosen.includes(expert.id)}
            last={chosen.length === 1 && chosen[0] === expert.id}
            place={ordered && place >= 0 ? place : undefined}
            onGrab={grab}
            grabbed={grabbed === expert.id}
          />
        ))}
      </ul>
      {card.family.startsWith('own-') && (
        <a className="flat" href="#v=1">
          Back to the zoo
        </a>
      )}
    </section>
  );
}
