import { useDeferredValue, useState } from 'react';
import type { SeenModel, Subject } from '../../store/inspect/subject.ts';
import { Range } from './choosers.tsx';
import { Part } from './part.tsx';
import { PixelCanvas, pixelWords } from './pixel-canvas.tsx';
import { useAnswer } from './use-answer.ts';

interface KeptPartProps {
  readonly subject: Subject;
  readonly tensor: string;
  readonly models: readonly SeenModel[];
}

/** What is left of the experts' changes when only the largest of each stay. */
export function KeptPart({ subject, tensor, models }: KeptPartProps) {
  const [density, setDensity] = useState(0.2);
  const asked = useDeferredValue(density);
  const { value, failure } = useAnswer(`${subject.key} ${tensor} ${asked}`, () => subject.kept(tensor, asked));
  if (!models.some(({ role }) => role === 'base')) return null;
  if (failure !== undefined) return <p role="alert">{failure}</p>;
  if (value === undefined || value === null) return null;
  return (
    <Part
      title="What trimming keeps"
      note={
        'refused' in value
          ? undefined
          : `${pixelWords(value.kept)} Ink: every expert keeps the entry; paper: none does. The largest ${(100 * asked).toFixed(0)} % of each expert’s changes in this tensor, cut exactly.`
      }
    >
      <Range
        name="density"
        min={0.05}
        max={1}
        step={0.05}
        value={density}
        text={density.toFixed(2)}
        onMove={setDensity}
      />
      {'refused' in value ? (
        <p className="inspect-empty">{value.refused}</p>
      ) : (
        <>
          <PixelCanvas map={value.kept} range={[0, 1]} label={`Share of experts that keep each entry of ${tensor}`} />
          <p data-kept={value.byCount.join()}>{countsInWords(value.byCount)}</p>
        </>
      )}
    </Part>
  );
}

/** "Kept by none 41 %, by one 30 %, …, by all 2 %". */
function countsInWords(byCount: readonly number[]): string {
  const last = byCount.length - 1;
  const name = (count: number) => (count === 0 ? 'nobody' : count === last ? `all ${count}` : `${count}`);
  return `Kept by ${byCount.map((share, count) => `${name(count)}: ${(100 * share).toFixed(0)} %`).join(', by ')}.`;
}
