import { type ChangeEvent, useId } from 'react';
import { addFiles } from '../../store/own/store.ts';
import { fromFiles } from '../elsewhere/files.ts';

/** Ways to the files where nothing can be dropped. */
export function AddFiles() {
  return (
    <div className="own-actions">
      <Choose name="Choose files …" folder={false} />
      <Choose name="Choose a folder …" folder />
      <span className="hint">or drop them here</span>
    </div>
  );
}

function Choose({ name, folder }: { readonly name: string; readonly folder: boolean }) {
  const id = useId();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = fromFiles(event.currentTarget.files ?? []);
    event.currentTarget.value = '';
    void addFiles(files.map(({ path, file }) => ({ path, blob: file })));
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
        {...(folder && { webkitdirectory: '' })}
      />
    </span>
  );
}
