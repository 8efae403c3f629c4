import { filesDropped } from '../../store/files/dropped.ts';
import { ChooseFiles } from '../controls/choose-files.tsx';

/** The ways to models: files, or a folder of shards. */
export function ChooseModels({ verb }: { readonly verb: 'Choose' | 'Add' }) {
  return (
    <>
      <ChooseFiles
        name={`${verb} files …`}
        accept=".safetensors,.json,.yaml,.yml"
        onChoose={(files) => void filesDropped(files)}
      />
      <ChooseFiles name={`${verb} a folder …`} folder onChoose={(files) => void filesDropped(files)} />
    </>
  );
}
