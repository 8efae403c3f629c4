import { USUAL_PREFERENCE } from '../../store/nested.ts';
import { useStudio } from '../../store/studio.ts';
import { percent, wholePercent } from '../charts/format.ts';
import { NumberBox } from '../controls/number-box.tsx';
import { Slider } from '../controls/slider.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';
import type { Expert } from './experts.ts';

interface LeafCardProps {
  readonly expert: Expert;
  /** Of all weights. */
  readonly share: number;
  /** On its own task, calibration split; null while it is not measured. */
  readonly alone: { readonly correct: number; readonly n: number } | null;
}

const SCALE = { min: 0, max: 1, step: 0.05, default: USUAL_PREFERENCE };

/** An expert, and how much its task counts. */
export function LeafCard({ expert, share, alone }: LeafCardProps) {
  const weight = useStudio((state) => state.preferences[expert.id] ?? USUAL_PREFERENCE);
  const set = useStudio((state) => state.setPreference);
  const move = (value: number, live: boolean) => set(expert.id, value, live);
  return (
    <section className="leaf-card" aria-label={expert.name} data-leaf={expert.id} data-share={share}>
      <h3>
        <ExpertMark index={expert.index} /> <span title={expert.name}>{expert.name}</span>
      </h3>
      <Slider
        label={`weight ${expert.id}`}
        value={weight}
        scale={SCALE}
        colour={expertColour(expert.index)}
        onMove={move}
        onReset={() => move(USUAL_PREFERENCE, false)}
      />
      <p className="leaf-weight">
        <NumberBox
          label={`weight of ${expert.id} as a number`}
          value={weight}
          scale={SCALE}
          onSet={(value) => move(value, false)}
        />
        <b title="Share of all weights">{wholePercent(share)}</b>
      </p>
      <p className="leaf-alone">
        <span>{alone ? `alone ${percent(alone.correct / alone.n)},` : 'alone: not'}</span>{' '}
        <span>{alone ? `n = ${alone.n}` : 'measured'}</span>
      </p>
    </section>
  );
}
