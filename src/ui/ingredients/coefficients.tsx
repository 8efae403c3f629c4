import { useRef } from 'react';
import { useStudio } from '../../store/studio.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { clamp, mean, spoken, sum, withMean } from '../controls/scale.ts';
import { Term } from '../controls/term.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';
import type { NumberControl } from './methods.ts';
import { useSampled } from './use-sampled.ts';

interface CoefficientsProps {
  /** Place of the step in the chain, and of the control in the step. */
  readonly step: number;
  readonly name: string;
  readonly control: NumberControl;
  readonly values: readonly number[];
}

/** One handle for all coefficients of a control. */
function AllTogether({ step, name, control, values }: CoefficientsProps) {
  const setControl = useStudio((state) => state.setControl);
  const taken = useRef<readonly number[] | null>(null);
  const move = (wanted: number, live: boolean) => {
    taken.current ??= values;
    const next = withMean(control, taken.current, wanted);
    if (!live) taken.current = null;
    setControl(step, name, next, live);
  };
  const reset = () => {
    taken.current = null;
    setControl(
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

/** A control with one value per expert: a slider each, one for all, and their sum. */
export function Coefficients(props: CoefficientsProps) {
  const { step, name, control, values } = props;
  const experts = useStudio((state) => state.recipe?.experts);
  const card = useStudio((state) => state.card);
  const setCoefficient = useStudio((state) => state.setCoefficient);
  const sampled = useSampled(step, name);
  if (!experts || !card) return null;
  return (
    <section className="coefficients" aria-label={control.name} data-control={name}>
      <header className="control-head">
        <Term help={control.help}>
          <b>{control.symbol}</b> {control.name}
        </Term>
        <output className="sum" title={`Sum of all ${control.symbol}`}>
          Σ {spoken(control, sum(values))}
        </output>
      </header>
      {experts.map((id, i) => {
        const index = card.experts.findIndex((expert) => expert.id === id);
        return (
          <ControlRow
            key={id}
            label={`${control.symbol} ${id}`}
            inWords={`${control.symbol} of ${id}`}
            title={
              <>
                <ExpertMark index={index} /> {card.experts[index]?.name ?? id}
              </>
            }
            value={values[i] ?? control.default}
            scale={control}
            colour={expertColour(index)}
            sampled={sampled[id]}
            onMove={(value, live) => setCoefficient(step, name, i, value, live)}
          />
        );
      })}
      {experts.length > 1 && <AllTogether {...props} />}
    </section>
  );
}
