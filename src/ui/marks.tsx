import { expertColour, expertShape, markPath, starPath } from './experts.ts';

interface MarkProps {
  readonly size?: number;
  /** Hollow marks are estimates. */
  readonly hollow?: boolean;
}

function Mark({ path, colour, size = 12, hollow = false }: MarkProps & { path: string; colour: string }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="-8 -8 16 16" aria-hidden="true" focusable="false">
      <path
        d={path}
        fill={hollow ? 'none' : colour}
        stroke={colour}
        strokeWidth={hollow ? 1.75 : 0.5}
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The shape of the expert at this index of the card, in its colour. */
export function ExpertMark({ index, ...rest }: MarkProps & { readonly index: number }) {
  return <Mark path={markPath(expertShape(index), 5)} colour={expertColour(index)} {...rest} />;
}

/** The base model: an ink ring. */
export function BaseMark({ size = 12 }: MarkProps) {
  return <Mark path={markPath('circle', 4.5)} colour="var(--muted)" size={size} hollow />;
}

/** The merge on the screen. */
export function StarMark({ size = 12, hollow = false }: MarkProps) {
  return <Mark path={starPath(5)} colour="var(--ink)" size={size} hollow={hollow} />;
}
