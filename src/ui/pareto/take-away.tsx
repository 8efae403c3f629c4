import { useId, useState } from 'react';
import { COMPARISON_NAMES } from '../../store/comparisons.ts';
import type { PointsFormat } from '../../store/export.ts';
import type { Split } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { PictureButtons } from './picture-buttons.tsx';
import { save } from './save.ts';

const FORMATS: readonly PointsFormat[] = ['csv', 'json'];
/** More notes than anybody reads. */
const MOST_NOTES = 12;

/** Points as files: measured and predicted merges out, told apart by their column `kind`, and measured ones in. */
export function TakeAway({ split }: { readonly split: Split }) {
  const [notes, setNotes] = useState<readonly string[]>([]);
  const input = useId();
  const open = async (files: FileList | null) => {
    const [file] = files ?? [];
    if (file) setNotes(await taken(split, file));
  };
  return (
    <>
      <p className="take-away">
        <PictureButtons split={split} /> Points:
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            className="flat"
            aria-label={`Download the points as ${format.toUpperCase()}`}
            onClick={() => download(split, format)}
          >
            save {format.toUpperCase()}
          </button>
        ))}
        <label className="open-points" htmlFor={input}>
          open a file
        </label>
        <input
          id={input}
          className="unseen"
          type="file"
          accept=".csv,.json"
          onChange={(event) => {
            void open(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
      </p>
      {notes.length > 0 && (
        <ul className="take-away-notes" role="status">
          {notes.slice(0, MOST_NOTES).map((note) => (
            <li key={note}>{note}</li>
          ))}
          {notes.length > MOST_NOTES && <li>… and {notes.length - MOST_NOTES} more</li>}
        </ul>
      )}
    </>
  );
}

/** Adds the file's points to the plot. @returns what to say of it */
async function taken(split: Split, file: File): Promise<readonly string[]> {
  const { importPoints, withImported } = await import('../../store/import.ts');
  const text = await file.text();
  const imported = importPoints(useStudio.getState(), split, { name: file.name, text });
  const { points, comparisons, notes } = imported;
  useStudio.getState().addPoints(points);
  useStudio.setState((state) => withImported(state, imported));
  const compared = comparisons.map((each) => `${each.points.length} of ${COMPARISON_NAMES[each.id]}`);
  const also = compared.length > 0 ? `, and to compare with ${compared.join(', ')}` : '';
  return [`${file.name}: ${points.length} measured merges on the ${split} split${also}.`, ...notes];
}

async function download(split: Split, format: PointsFormat): Promise<void> {
  // Writing files is not part of the first view.
  const { pointsFile } = await import('../../store/export.ts');
  const file = pointsFile(useStudio.getState(), split, format);
  if (!file) return;
  save(file.name, new Blob([file.text], { type: file.type }));
}
