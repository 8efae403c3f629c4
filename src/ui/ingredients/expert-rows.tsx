import { layerNames } from '../../store/layers.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';
import type { NumberControl } from './methods.ts';
import type { Mix, MixedExpert } from './mix.ts';
import { useSampled } from './use-sampled.ts';

interface ExpertRowsProps {
  /** Place of the step in the chain, and of the control in the step. */
  readonly step: number;
  readonly name: string;
  readonly control: NumberControl;
  readonly expert: MixedExpert;
  readonly mix: Mix;
  /** Of the expert in the recipe. */
  readonly place: number;
  /** One per group of layers. */
  readonly values: readonly number[];
}

/** The sliders of one expert: one, or one under its name for each group of layers. */
export function ExpertRows({ step, name, control, expert, mix, place, values }: ExpertRowsProps) {
  const { blocks, isMeasured, onSetOne } = mix;
  const sampled = useSampled(step, name, isMeasured);
  const { label: spoken, index } = expert;
  const called = (
    <>
      <ExpertMark index={index} />{' '}
      <span className="model-name" title={expert.name}>
        {expert.name}
      </span>
    </>
  );
  const divided = values.length > 1;
  const layers = layerNames(blocks, values.length);
  const label = (group: number) => `${control.symbol} ${spoken}${divided ? ` · ${layers[group]}` : ''}`;
  const rows = values.map((value, group) => (
    <ControlRow
      key={layers[group]}
      label={label(group)}
      inWords={divided ? `${control.symbol} of ${spoken}, ${layers[group]}` : `${control.symbol} of ${spoken}`}
      title={divided ? <span className="muted">{layers[group]}</span> : called}
      value={value}
      scale={control}
      colour={expertColour(index)}
      sampled={sampled[label(group)]}
      onMove={(next, live) => onSetOne(step, name, place * values.length + group, next, live)}
    />
  ));
  if (!divided) return rows;
  return (
    <section className="expert-layers" aria-label={expert.name}>
      <p className="control-title">{called}</p>
      {rows}
    </section>
  );
}
