import { useControlHelp } from '../../store/handbook.ts';
import { canDivide } from '../../store/layers.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { Term } from '../controls/term.tsx';
import { StepHead } from './chain.tsx';
import { Choice } from './choice.tsx';
import { Coefficients } from './coefficients.tsx';
import {
  type Control,
  type ControlValue,
  findMethod,
  isGroupable,
  isVisible,
  type NumberControl,
  type Step,
} from './methods.ts';
import type { Mix } from './mix.ts';
import { PerLayer } from './per-layer.tsx';
import { useSampled } from './use-sampled.ts';

interface MethodNumberProps {
  readonly mix: Mix;
  readonly step: number;
  readonly method: string;
  readonly name: string;
  readonly control: NumberControl;
  readonly value: number;
}

/** A number of the whole method: density, rank, number of steps … */
function MethodNumber({ mix, step, method, name, control, value }: MethodNumberProps) {
  const sampled = useSampled(step, name, mix.isMeasured);
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
      onMove={(next, live) => mix.onSet(step, name, next, live)}
    />
  );
}

interface Place {
  readonly mix: Mix;
  readonly step: number;
  readonly method: string;
  readonly name: string;
  /** Whether groups of layers are chosen beside its coefficients. */
  readonly divides: boolean;
}

function control({ divides, ...place }: Place, definition: Control, value: ControlValue | undefined) {
  const { mix, step, method, name } = place;
  if (definition.kind === 'choice') {
    const choose = (next: string) => mix.onSet(step, name, next, false);
    return (
      typeof value === 'string' && (
        <Choice key={name} method={method} name={name} control={definition} value={value} onChoose={choose} />
      )
    );
  }
  if (Array.isArray(value))
    return <Coefficients key={name} {...place} divides={divides} control={definition} values={value} />;
  return typeof value === 'number' && <MethodNumber key={name} {...place} control={definition} value={value} />;
}

interface StepControlsProps {
  readonly mix: Mix;
  readonly step: Step;
  /** Place of the step in the chain. */
  readonly at: number;
}

/** The controls of one step of the chain that count at the moment; a card of its own where the chain has several steps. */
export function StepControls({ mix, step, at }: StepControlsProps) {
  const { recipe, see } = mix;
  const method = findMethod(step.method);
  if (!method) return null;
  const shown = Object.entries(method.controls).filter(
    ([, definition]) => isVisible(step, definition) && !(see && definition.kind === 'choice'),
  );
  const divides = canDivide(step) && (!see || (step.layerGroups ?? 1) > 1);
  return (
    <section className="step-controls" aria-label={method.name} data-card={recipe.chain.length > 1 || undefined}>
      {recipe.chain.length > 1 && <StepHead mix={mix} at={at} method={method} />}
      {shown.map(([name, definition]) =>
        control(
          { mix, step: at, method: step.method, name, divides: divides && isGroupable(definition) },
          definition,
          step.controls[name],
        ),
      )}
      <PerLayer step={step} mix={mix} />
    </section>
  );
}
