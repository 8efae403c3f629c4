import { useRef, useState } from 'react';
import { useControlHelp } from '../../store/handbook.ts';
import { layerNames } from '../../store/layers.ts';
import { unlockedRange } from '../../store/order.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { clamp, mean, spoken, sum, withMean } from '../controls/scale.ts';
import { Term } from '../controls/term.tsx';
import { CoefficientTools } from './coefficient-tools.tsx';
import { ExpertRows } from './expert-rows.tsx';
import { LayerGroups } from './layer-groups.tsx';
import type { NumberControl } from './methods.ts';
import type { Mix } from './mix.ts';

interface CoefficientsProps {
  readonly mix: Mix;
  /** Place of the step in the chain, and of the control in the step. */
  readonly step: number;
  readonly method: string;
  readonly name: string;
  readonly control: NumberControl;
  /** In the order of the experts; all groups of layers of the first, then of the second … */
  readonly values: readonly number[];
  /** Whether the number of groups of layers can be chosen here. */
  readonly divides: boolean;
}

/** One handle for all coefficients of a control. */
function AllTogether({ mix, step, name, control, values }: CoefficientsProps) {
  const taken = useRef<readonly number[] | null>(null);
  const move = (wanted: number, live: boolean) => {
    taken.current ??= values;
    const next = withMean(control, taken.current, wanted);
    if (!live) taken.current = null;
    mix.onSet(step, name, next, live);
  };
  const reset = () => {
    taken.current = null;
    mix.onSet(
      step,
      name,
      values.map(() => control.default),
      false,
    );
  };
  return (
    <ControlRow
      label={`all ${control.symbol}`}
      inWords={`${control.symbol} of all`}
      title={<span className="muted">all together</span>}
      value={clamp(control, mean(values))}
      scale={control}
      colour="var(--faint)"
      onMove={move}
      onReset={reset}
    />
  );
}

/** A control of the experts: a slider each, or one for each of their groups of layers, one for all, and their sum. */
export function Coefficients(props: CoefficientsProps) {
  const { mix, step, method, name, values, divides } = props;
  const { experts, blocks, see } = mix;
  const help = useControlHelp(method, name);
  const [wanted, setWanted] = useState(false);
  const range = unlockedRange(props.control);
  const beyond = values.some((value) => value < props.control.min || value > props.control.max);
  const unlocked = range !== undefined && (wanted || beyond);
  const control = unlocked ? { ...props.control, ...range } : props.control;
  const groups = Math.max(1, Math.floor(values.length / Math.max(1, experts.length)));
  const sums = Array.from({ length: groups }, (_, group) => sum(values.filter((_one, i) => i % groups === group)));
  const layers = groups > 1 ? `, by group of layers: ${layerNames(blocks, groups).join(', ')}` : '';
  return (
    <section className="coefficients" aria-label={control.name} data-control={name}>
      <header className="control-head">
        <Term help={help?.help}>
          <b>{control.symbol}</b> {control.name}
        </Term>
        {!see && (
          <CoefficientTools
            control={props.control}
            values={values}
            groups={groups}
            range={range}
            unlocked={unlocked}
            onUnlock={setWanted}
            locked={mix.locked}
            onLock={mix.onLock}
            onSet={(next) => mix.onSet(step, name, next, false)}
          />
        )}
        <output className="sum" title={`Sum of all ${control.symbol}${layers}`}>
          Σ {sums.map((one) => spoken(control, one)).join(' / ')}
        </output>
      </header>
      {divides && <LayerGroups groups={groups} mix={mix} />}
      {experts.map((expert, i) => (
        <ExpertRows
          key={expert.id}
          mix={mix}
          step={step}
          name={name}
          control={control}
          expert={expert}
          place={i}
          values={values.slice(i * groups, (i + 1) * groups)}
        />
      ))}
      {experts.length > 1 && <AllTogether {...props} control={control} />}
    </section>
  );
}
