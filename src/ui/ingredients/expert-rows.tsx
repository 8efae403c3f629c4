import { layerNames } from '../../store/layers.ts';
import { useStudio } from '../../store/studio.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';
import type { NumberControl } from './methods.ts';
import { useSampled } from './use-sampled.ts';

interface ExpertRowsProps {
  /** Place of the step in the chain, and of the control in the step. */
  readonly step: number;
  readonly name: string;
  readonly control: NumberControl;
  readonly expert: string;
  /** Of the expert in the recipe. */
  readonly place: number;
  /** One per group of layers. */
  readonly values: readonly number[];
}

/** The sliders of one expert: one, or one under its name for each group of layers. */
export function ExpertRows({ step, name, control, expert, place, values }: ExpertRowsProps) {
  const card = useStudio((state) => state.card);
  const setCoefficient = useStudio((state) => state.setCoefficient);
  const sampled = useSampled(step, name);
  if (!card) return null;
  const index = card.experts.findIndex(({ id }) => id === expert);
  const called = (
    <>
      <ExpertMark index={index} /> {card.experts[index]?.name ?? expert}
    </>
  );
  const divided = values.length > 1;
  const layers = layerNames(card, values.length);
  const label = (group: number) => `${control.symbol} ${expert}${divided ? ` · ${layers[group]}` : ''}`;
  const rows = values.map((value, group) => (
    <ControlRow
      key={layers[group]}
      label={label(group)}
      inWords={divided ? `${control.symbol} of ${expert}, ${layers[group]}` : `${control.symbol} of ${expert}`}
      title={divided ? <span className="muted">{layers[group]}</span> : called}
      value={value}
      scale={control}
      colour={expertColour(index)}
      sampled={sampled[label(group)]}
      onMove={(next, live) => setCoefficient(step, name, place * values.length + group, next, live)}
    />
  ));
  if (!divided) return rows;
  return (
    <section className="expert-layers" aria-label={card.experts[index]?.name ?? expert}>
      <p className="control-title">{called}</p>
      {rows}
    </section>
  );
}
