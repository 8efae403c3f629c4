import { useState } from 'react';
import type { StudioState } from '../../store/state.ts';
import { type Filtered, KIND_NAMES, passing, refusalOf } from '../../store/tensors.ts';
import { Term } from '../controls/term.tsx';

type Filter = Parameters<StudioState['setFilter']>[0];

const HELP =
  'Tensors that are left out keep the base’s weights. Name patterns: * stands for anything, ! before a pattern leaves out, commas between.';

interface FilterEditorProps {
  readonly filter: Filter;
  /** All tensors that could be merged. */
  readonly table: readonly Filtered[];
  readonly onSet: (filter: Filter) => void;
}

/** Which tensors are merged: by what they are, and by name. */
export function FilterEditor({ filter, table, onSet: setFilter }: FilterEditorProps) {
  const { tensors, ofTensors, weights, ofWeights } = passing(filter, table);
  const toggle = (kind: Filter['without'][number]) => {
    const out = filter.without.includes(kind);
    setFilter({ ...filter, without: out ? filter.without.filter((one) => one !== kind) : [...filter.without, kind] });
  };
  const whole = (count: number) => count.toLocaleString('en');
  return (
    <section className="tensor-filter" aria-label="Merged tensors">
      <div className="control-head">
        <Term help={HELP}>merged tensors</Term>
      </div>
      <ul className="chips">
        {KIND_NAMES.map(([kind, name]) => (
          <li key={kind}>
            <button type="button" aria-pressed={!filter.without.includes(kind)} onClick={() => toggle(kind)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      <NamesBox key={filter.names} names={filter.names} onSet={(names) => setFilter({ ...filter, names })} />
      <output className="hint">
        {tensors} of {ofTensors} tensors, {whole(weights)} of {whole(ofWeights)} weights
      </output>
    </section>
  );
}

/** Patterns count when the box is left or Enter is pressed. */
function NamesBox({ names, onSet }: { readonly names: string; readonly onSet: (names: string) => void }) {
  const [draft, setDraft] = useState(names);
  const refusal = refusalOf(draft);
  const commit = () => {
    if (!refusal && draft !== names) onSet(draft);
  };
  return (
    <>
      <input
        type="text"
        className="names"
        aria-label="Names of merged tensors"
        aria-invalid={refusal !== undefined}
        placeholder="names: blocks.*.attn.*, !*.bias"
        spellCheck={false}
        autoCapitalize="off"
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(names);
        }}
      />
      {refusal && <p className="refusal">{refusal}.</p>}
    </>
  );
}
