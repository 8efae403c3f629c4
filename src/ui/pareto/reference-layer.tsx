import { expertColour, expertShape, markPath } from '../experts.ts';
import { type Label, type Mark, placeLabels } from './labels.ts';
import { type Place, usePlace } from './use-place.ts';
import type { Reference } from './use-plot.ts';

/** Pixels of a letter at this size; a guess on the wide side. */
export const LETTER = 6.6;

const nameOf = ({ expert, name }: Reference) => (expert === undefined ? name.toLowerCase() : `${name} expert`);

/** Where the references stand, and the room that their names take. */
export const marksOf = (references: readonly Reference[], place: Place): readonly Mark[] =>
  references.map((reference) => {
    const [x, y] = place.at(reference.x, reference.y);
    return { x, y, width: nameOf(reference).length * LETTER };
  });

/** Base, uniform average and the two experts, named where they stand. */
export function ReferenceLayer({ references }: { readonly references: readonly Reference[] }) {
  const place = usePlace();
  if (!place) return null;
  const marks = marksOf(references, place);
  const labels = placeLabels(marks, place.area);
  return (
    <g className="references" pointerEvents="none">
      {references.map((reference, i) => {
        const { x = 0, y = 0 } = marks[i] ?? {};
        const label = labels[i];
        return label && <ReferenceMark key={reference.id} reference={reference} x={x} y={y} label={label} />;
      })}
    </g>
  );
}

interface ReferenceMarkProps {
  readonly reference: Reference;
  readonly x: number;
  readonly y: number;
  readonly label: Label;
}

function ReferenceMark({ reference, x, y, label }: ReferenceMarkProps) {
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
        {nameOf(reference)}
      </text>
    </g>
  );
}
