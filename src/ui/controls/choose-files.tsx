import { type ChangeEvent, useId } from 'react';
import './choose-files.css';

/** A chosen file, below the folder that it was chosen with. */
export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

interface ChooseFilesProps {
  readonly name: string;
  /** Endings of the files that are offered; all where it is absent. */
  readonly accept?: string;
  /** A whole folder in place of files. */
  readonly folder?: boolean;
  readonly onChoose: (files: readonly ChosenFile[]) => void;
}

/** A button that opens files, or a folder, wherever nothing can be dropped. */
export function ChooseFiles({ name, accept, folder = false, onChoose }: ChooseFilesProps) {
  const id = useId();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = '';
    if (files.length > 0) onChoose(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  };
  return (
    <span className="choose-files">
      <label className="plain" htmlFor={id}>
        {name}
      </label>
      <input
        id={id}
        className="unseen"
        type="file"
        multiple
        accept={folder ? undefined : accept}
        onChange={choose}
        {...(folder && { webkitdirectory: '' })}
      />
    </span>
  );
}
