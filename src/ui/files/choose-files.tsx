import { type ChangeEvent, useId } from 'react';
import { filesDropped } from '../../store/files/dropped.ts';

interface ChooseFilesProps {
  readonly name: string;
  readonly folder?: boolean;
}

/** A button that opens models wherever nothing can be dropped. */
export function ChooseFiles({ name, folder = false }: ChooseFilesProps) {
  const id = useId();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = '';
    if (files.length > 0)
      void filesDropped(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
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
        {...(folder ? { webkitdirectory: '' } : { accept: '.safetensors,.json,.yaml,.yml' })}
      />
    </span>
  );
}
