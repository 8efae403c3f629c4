import { type ChangeEvent, useId } from 'react';
import { openAndTell } from '../../store/elsewhere/open-files.ts';
import { fromFiles } from './files.ts';

interface ChooseProps {
  readonly name: string;
  /** Endings of the files that are offered; none for a folder. */
  readonly accept?: string;
}

/** A button that opens files, or a folder, wherever nothing can be dropped. */
export function Choose({ name, accept }: ChooseProps) {
  const id = useId();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = fromFiles(event.currentTarget.files ?? []);
    event.currentTarget.value = '';
    if (files.length > 0) void openAndTell(files, 'calibration');
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
        onChange={choose}
        {...(accept === undefined ? { webkitdirectory: '' } : { accept })}
      />
    </span>
  );
}
