import { useState } from 'react';
import { selectNested } from '../../store/nested.ts';
import { named, treeBelow } from '../../store/nested-tree.ts';
import { useStudio } from '../../store/studio.ts';
import { type Expert, namesOf } from './experts.ts';

interface Model {
  /** Of a node; of an expert its index. */
  readonly id: string;
  readonly leaves: readonly number[];
}

/** Which models are merged with which: by nearest accuracy, or any two by hand and the rest by nearest accuracy. */
export function Pairing({ experts }: { readonly experts: readonly Expert[] }) {
  const nested = useStudio(selectNested);
  const byHand = useStudio((state) => state.pairs.length > 0);
  const pairByHand = useStudio((state) => state.pairByHand);
  const automatically = useStudio((state) => state.pairAutomatically);
  const [first, setFirst] = useState('');
  const models: readonly Model[] = [
    ...experts.map((_, i) => ({ id: String(i), leaves: [i] })),
    // The root has nothing to be paired with.
    ...(nested?.nodes ?? []).filter(({ leaves }) => leaves.length < experts.length),
  ];
  const chosen = models.find(({ id }) => id === first);
  const partners = chosen ? models.filter(({ leaves }) => !leaves.some((leaf) => chosen.leaves.includes(leaf))) : [];
  const pair = (id: string) => {
    const nodes = nested?.nodes ?? [];
    const ids = experts.map((expert) => expert.id);
    if (chosen) pairByHand(named(treeBelow(nodes, chosen.id), ids), named(treeBelow(nodes, id), ids));
    setFirst('');
  };
  return (
    <p className="nested-pairing">
      <span>{byHand ? 'Paired by hand, the rest by nearest accuracy.' : 'Paired by nearest accuracy.'}</span>
      <span className="pair-choice">
        <Choice
          label="Pair"
          empty="pair by hand …"
          models={models}
          experts={experts}
          value={chosen ? first : ''}
          onChoose={setFirst}
        />
        {chosen && (
          <>
            with
            <Choice label="with" empty="…" models={partners} experts={experts} value="" onChoose={pair} />
          </>
        )}
      </span>
      {byHand && (
        <button type="button" className="flat" onClick={automatically}>
          Pair automatically
        </button>
      )}
    </p>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly empty: string;
  readonly models: readonly Model[];
  readonly experts: readonly Expert[];
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

function Choice({ label, empty, models, experts, value, onChoose }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
      <option value="">{empty}</option>
      {models.map(({ id, leaves }) => (
        <option key={id} value={id}>
          {namesOf(leaves, experts)}
        </option>
      ))}
    </select>
  );
}
