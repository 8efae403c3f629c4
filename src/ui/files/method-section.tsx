import { lazy, Suspense, useState } from 'react';
import { nameOf } from '../../store/files/asked.ts';
import { useFiles } from '../../store/files/store.ts';
import { useControlHelp, useHandbook } from '../../store/handbook.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { Term } from '../controls/term.tsx';
import { expertColour } from '../experts.ts';
import { Icon } from '../icons.tsx';
import {
  chainName,
  currentEntry,
  findMethod,
  isVisible,
  type MethodMetadata,
  type NumberControl,
  type Recipe,
  type Step,
  usesSeed,
} from '../ingredients/methods.ts';
import { ExpertMark } from '../marks.tsx';
import { AddOwnStep } from './add-step.tsx';
import { OwnOrder } from './order.tsx';
import { OwnChoice } from './own-choice.tsx';
import { OwnStepHead } from './step-head.tsx';

const OwnCurves = lazy(() => import('./own-curves.tsx'));
const MethodSheet = lazy(() => import('./method-sheet.tsx'));

/** What an empty box of text begins with. */
const EXAMPLE = `merge_method: linear
models:
  - model: name-of-a-model
    parameters:
      weight: 0.5
dtype: float16
`;

/** The method, its coefficients and settings. */
export function MethodSection() {
  const recipe = useFiles((state) => state.recipe);
  const configure = useFiles((state) => state.configurationOpened);
  const [open, setOpen] = useState(false);
  const merge = recipe.chain.find((step) => findMethod(step.method)?.kind === 'merge');
  const id = currentEntry(recipe)?.id ?? merge?.method ?? '';
  const summary = useHandbook(({ methods, presets }) => (presets[id] ?? methods[id])?.summary);
  return (
    <section aria-label="Method">
      <header className="section-head">
        <h2>Method</h2>
      </header>
      <button
        type="button"
        className="method-button"
        aria-haspopup="dialog"
        title={summary}
        onClick={() => setOpen(true)}
      >
        <strong>{chainName(recipe)}</strong>
        <Icon name="chevron" />
        <small>{summary}</small>
      </button>
      <div className="control-panel">
        {recipe.chain.map((step) => (
          <StepControls key={step.method} step={step} recipe={recipe} />
        ))}
        <OwnOrder recipe={recipe} />
        <AddOwnStep recipe={recipe} />
        {usesSeed(recipe) && <Seed seed={recipe.seed} />}
        <button
          type="button"
          className="flat own-yaml"
          onClick={() => configure({ name: 'Typed here', text: EXAMPLE })}
        >
          Paste a mergekit configuration …
        </button>
      </div>
      <Suspense>{open && <MethodSheet onClose={() => setOpen(false)} />}</Suspense>
    </section>
  );
}

/** What of the merge differs from layer to layer, and which tensors are merged at all. */
function OwnPerLayer({ step: { curves, filter } }: { readonly step: Step }) {
  const [open, setOpen] = useState(false);
  const told = [...(curves ? ['curves'] : []), ...(filter ? ['filter'] : [])].join(', ');
  return (
    <section className="per-layer" aria-label="Per layer">
      <button type="button" className="flat" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'chevron' : 'right'} size={12} /> per layer
        {told !== '' && <span className="hint">{told}</span>}
      </button>
      <Suspense fallback={<p className="hint">Loading the editor …</p>}>{open && <OwnCurves />}</Suspense>
    </section>
  );
}

function Seed({ seed }: { readonly seed: number }) {
  const set = useFiles((state) => state.seedSet);
  const scale = { min: 0, max: 0xffffffff, step: 1, default: 1, integer: true };
  return (
    <ControlRow
      label="seed"
      inWords="seed"
      title="Seed of random numbers"
      value={seed}
      scale={scale}
      onMove={(value) => set(value)}
    />
  );
}

function StepControls({ step, recipe }: { readonly step: Step; readonly recipe: Recipe }) {
  const method = findMethod(step.method);
  if (!method) return null;
  const visible = Object.entries(method.controls).filter(([, control]) => isVisible(step, control));
  return (
    <section className="step-controls" aria-label={method.name} {...(recipe.chain.length > 1 && { 'data-card': '' })}>
      {recipe.chain.length > 1 && <OwnStepHead recipe={recipe} method={method} />}
      {visible.map(([name, control]) => {
        const value = step.controls[name];
        if (control.kind === 'choice')
          return (
            typeof value === 'string' && (
              <OwnChoice key={name} method={method.id} name={name} control={control} value={value} />
            )
          );
        if (typeof value === 'number')
          return <MethodNumber key={name} method={method} name={name} control={control} value={value} />;
        return (
          typeof value === 'object' && (
            <Coefficients key={name} method={method} name={name} control={control} values={value} />
          )
        );
      })}
      {method.kind === 'merge' && !method.changesDepth && <OwnPerLayer step={step} />}
    </section>
  );
}

interface NumberProps {
  readonly method: MethodMetadata;
  readonly name: string;
  readonly control: NumberControl;
}

function MethodNumber({ method, name, control, value }: NumberProps & { readonly value: number }) {
  const move = useFiles((state) => state.controlMoved);
  const help = useControlHelp(method.id, name);
  return (
    <ControlRow
      label={`${control.symbol} ${control.name}`}
      inWords={control.name}
      title={
        <Term help={help?.help}>
          <b>{control.symbol}</b> {control.name}
        </Term>
      }
      value={value}
      scale={control}
      onMove={(next) => move(method.id, name, next)}
    />
  );
}

/** A number for each expert. */
function Coefficients({ method, name, control, values }: NumberProps & { readonly values: readonly number[] }) {
  const experts = useFiles((state) => state.recipe.experts);
  const models = useFiles((state) => state.models);
  const move = useFiles((state) => state.controlMoved);
  const help = useControlHelp(method.id, name);
  return (
    <section className="coefficients" aria-label={control.name}>
      <header className="control-head">
        <Term help={help?.help}>
          <b>{control.symbol}</b> {control.name}
        </Term>
        <output className="sum">Σ {Number(values.reduce((sum, value) => sum + value, 0).toFixed(3))}</output>
      </header>
      {experts.map((id, i) => (
        <ControlRow
          key={id}
          label={`${control.symbol} of ${nameOf({ models }, id)}`}
          inWords={`${control.symbol} of ${nameOf({ models }, id)}`}
          title={
            <>
              <ExpertMark index={i} /> <span className="model-name">{nameOf({ models }, id)}</span>
            </>
          }
          value={values[i] ?? control.default}
          scale={control}
          colour={expertColour(i)}
          onMove={(next) =>
            move(
              method.id,
              name,
              values.map((value, at) => (at === i ? next : value)),
            )
          }
        />
      ))}
    </section>
  );
}
