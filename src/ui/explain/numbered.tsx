import type { CSSProperties } from 'react';
import { short } from '../../store/sentence.ts';
import { useStudio } from '../../store/studio.ts';
import { Formula, placeholderColour, placeholderNumber } from './math.tsx';
import { EQUATIONS, numbersOf, type Setting } from './numbers.ts';
import { substitute } from './substitute.ts';

interface NumberedProps {
  /** LaTeX. */
  readonly formula: string;
  readonly settings: readonly Setting[];
  readonly experts: readonly string[];
}

/** About as many fit side by side in the column. */
const TERMS_PER_ROW = 3;

/** The formula with the numbers of the sliders in it, each expert's term in its colour; nothing where no number fits in. */
export function Numbered({ formula, settings, experts }: NumberedProps) {
  const card = useStudio((state) => state.card);
  if (!card) return null;
  const colour = (place: number) =>
    placeholderColour(
      Math.max(
        0,
        card.experts.findIndex((expert) => expert.id === experts[place]),
      ),
    );
  const numbers: string[] = [];
  const print = (value: number) => placeholderNumber(numbers.push(short(value)) - 1);
  const values = numbersOf(settings, experts);
  const lines = formula.split(EQUATIONS).flatMap((line) => {
    const pieces = substitute(line, values, colour, print);
    return pieces ? [pieces] : [];
  });
  if (lines.length === 0) return null;
  const rows = lines.reduce((sum, pieces) => sum + Math.ceil(pieces.length / TERMS_PER_ROW), 0);
  return (
    <div className="numbered" title="The formula with the current numbers" style={{ '--rows': rows } as CSSProperties}>
      {lines.map((pieces) => (
        <p key={pieces[0]}>
          {pieces.map((piece, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a term's place in the formula is what it is
            <Formula key={i} latex={`\\displaystyle{}${piece}`} numbers={numbers} />
          ))}
        </p>
      ))}
    </div>
  );
}
