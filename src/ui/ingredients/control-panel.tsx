import { useControlHelp } from '../../store/handbook.ts';
import { canDivide } from '../../store/layers.ts';
import { useStudio } from '../../store/studio.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { Term } from '../controls/term.tsx';
import { Icon } from '../icons.tsx';
import { AddStep, StepHead } from './chain.tsx';
import { Choice } from './choice.tsx';
import { Coefficients } from './coefficients.tsx';
import {
  type Control,
  type ControlValue,
  findMethod,
  isGroupable,
  isVisible,
  type NumberControl,
  type Recipe,
  type Step,
  sameControls,
  usesSeed,
  withDefaults,
} from './methods.ts';
import { PerLayer } from './per-layer.tsx';
import { Seed } from './seed.tsx';
import { useSampled } from './use-sampled.ts';

interface MethodNumberProps {
  readonly step: number;
  readonly method: string;
  readonly name: string;
  readonly control: NumberControl;
  readonly value: number;
}

/** A number of the whole method: density, rank, number of steps … */
function MethodNumber({ step, method, name, control, value }: MethodNumberProps) {
  const setControl = useStudio((state) => state.setControl);
  const sampled = useSampled(step, name);
  const help = useControlHelp(method, name);
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
      sampled={sampled['']}
      onMove={(next, live) => setControl(step, name, next, live)}
    />
  );
}

interface Place {
  readonly step: number;
  readonly method: string;
  readonly name: string;
  /** Whether groups of layers are chosen beside its coefficients. */
  readonly divides: boolean;
}

function control({ divides, ...place }: Place, definition: Control, value: ControlValue | undefined) {
  const { name } = place;
  if (definition.kind === 'choice') {
    return typeof value === 'string' && <Choice key={name} {...place} control={definition} value={value} />;
  }
  if (Array.isArray(value))
    return <Coefficients key={name} {...place} divides={divides} control={definition} values={value} />;
  return typeof value === 'number' && <MethodNumber key={name} {...place} control={definition} value={value} />;
}

interface StepControlsProps {
  readonly recipe: Recipe;
  readonly step: Step;
  readonly at: number;
  readonly see: boolean;
}

/** The controls of one step of the chain that count at the moment; a card of its own where the chain has several steps. */
function StepControls({ recipe, step, at, see }: StepControlsProps) {
  const method = findMethod(step.method);
  if (!method) return null;
  const shown = Object.entries(method.controls).filter(
    ([, definition]) => isVisible(step, definition) && !(see && definition.kind === 'choice'),
  );
  const divides = canDivide(step) && (!see || (step.layerGroups ?? 1) > 1);
  return (
    <section className="step-controls" aria-label={method.name} data-card={recipe.chain.length > 1 || undefined}>
      {recipe.chain.length > 1 && <StepHead recipe={recipe} at={at} method={method} />}
      {shown.map(([name, definition]) =>
        control(
          { step: at, method: step.method, name, divides: divides && isGroupable(definition) },
          definition,
          step.controls[name],
        ),
      )}
      <PerLayer step={step} see={see} />
    </section>
  );
}

/** In See: how many settings are put away, and the way to them. */
function MoreControls({ recipe }: { readonly recipe: Recipe }) {
  const setView = useStudio((state) => state.setView);
  const choices = recipe.chain.flatMap((step) =>
    Object.values(findMethod(step.method)?.controls ?? {}).filter(
      (definition) => definition.kind === 'choice' && isVisible(step, definition),
    ),
  ).length;
  const undivided = recipe.chain.some((step) => canDivide(step) && (step.layerGroups ?? 1) === 1);
  const count = choices + (usesSeed(recipe) ? 1 : 0) + (undivided ? 1 : 0);
  if (count === 0) return null;
  return (
    <button type="button" className="flat" onClick={() => setView({ level: 'tune' })}>
      <Icon name="plus" size={14} /> {count} more {count === 1 ? 'setting' : 'settings'}
    </button>
  );
}

/** Every slider and choice of the recipe's chain, its seed, and the way back to the defaults. */
export function ControlPanel() {
  const recipe = useStudio((state) => state.recipe);
  const adopt = useStudio((state) => state.adopt);
  const see = useStudio((state) => (state.view?.level ?? 'see') === 'see');
  if (!recipe) return null;
  const defaults = withDefaults(recipe);
  return (
    <section className="control-panel" aria-label="Controls">
      {recipe.chain.map((step, at) => (
        <StepControls key={step.method} recipe={recipe} step={step} at={at} see={see} />
      ))}
      {!see && <AddStep recipe={recipe} />}
      <footer className="panel-foot">
        {!see && usesSeed(recipe) && <Seed seed={recipe.seed} />}
        {see && <MoreControls recipe={recipe} />}
        <button
          type="button"
          className="flat"
          disabled={sameControls(recipe, defaults)}
          onClick={() => adopt({ ...defaults, seed: recipe.seed })}
        >
          <Icon name="reset" size={14} /> Reset all
        </button>
      </footer>
    </section>
  );
}
