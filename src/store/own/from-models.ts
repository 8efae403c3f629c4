import { heldFiles } from '../files/held.ts';
import { useFiles } from '../files/store.ts';
import { useStudio } from '../studio.ts';
import { addFiles } from './own-family.ts';

/** Opens the sheet of own data with the models that are open on their own screen. */
export async function evaluateModels(): Promise<void> {
  const files = heldFiles(useFiles.getState()).filter(({ path }) => path.endsWith('.safetensors'));
  useStudio.getState().setDialog('own');
  await addFiles(files.map(({ path, file }) => ({ path, blob: file })));
}
