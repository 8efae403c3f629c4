import { expertColour, expertShape, markPath } from '../experts.ts';
import type { Label } from './labels.ts';
import { usePlotNames } from './plot-names.ts';
import type { Reference } from './use-plot.ts';

/** Base, uniform average and the two experts, named where they stand. */
export function ReferenceLayer() {
  const { references } = usePlotNames();
  return (
    <g className="references" pointerEvents="none">
      {references.map(({ reference, ...own }) => (
        <ReferenceMark key={reference.id} reference={reference} {...own} />
      ))}
    </g>
  );
}

interface ReferenceMarkProps {
  readonly reference: Reference;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly label: Label;
}

function ReferenceMark({ reference, name, x, y, label }: ReferenceMarkProps) {
  const { expert, id } = reference;
  return (
    <g transform={`translate(${x} ${y})`}>
      {id === 'average' ? (
        <path className="average" d="M-5,0H5M0,-5V5" />
      ) : expert === undefined ? (
        <circle className="base" r={4.5} />
      ) : (
        <path d={markPath(expertShape(expert), 5.5)} style={{ fill: expertColour(expert) }} className="expert" />
      )}
      <text x={label.dx} y={label.dy} textAnchor={label.anchor}>
        {name}
      </text>
    </g>
  );
}
