import { ExpertMark, StarMark } from '../marks.tsx';
import type { ParallelAxis, ParallelLine } from './types.ts';
import { ORIGINS, textOf } from './words.ts';

interface DetailProps {
  readonly axes: readonly ParallelAxis[];
  /** The hovered line, or else the merge on the screen. */
  readonly line: ParallelLine | undefined;
}

/** More values than this take three lines of text. */
const TWO_LINES = 8;

/** The values of one line, axis by axis, with spaces between for those who copy it or hear it. */
export function Detail({ axes, line }: DetailProps) {
  if (!line) return <p className="parallel-detail">Point at a line to read it; click it to take its merge.</p>;
  return (
    <p className={`parallel-detail ${line.kind} ${axes.length > TWO_LINES ? 'tall' : ''}`}>
      <span className="origin">
        {line.kind === 'now' && <StarMark />}
        {ORIGINS[line.kind]}{' '}
      </span>
      {axes.map((axis, k) => (
        <span key={axis.id} className="pair">
          {axis.expert !== undefined && <ExpertMark index={axis.expert} size={10} />}
          {axis.name} <b>{textOf(axis, line.values[k], '–')}</b>{' '}
        </span>
      ))}
    </p>
  );
}
