/** Prints tell files apart in links, recipes and interrupted merges. They are read when one of these is at hand, and not before the table is shown. */
import type { FileMark, OpenedModel } from '../../client/protocol.ts';
import { filesEngine } from './engine.ts';
import type { FilesState, PrintedFile } from './state.ts';
import { useFiles } from './store.ts';

const isPrinted = (file: FileMark): file is PrintedFile => file.print !== null;

/** Those whose prints were read. */
export const printedFiles = (files: readonly FileMark[]): readonly PrintedFile[] => files.filter(isPrinted);

export async function withPrints(models: readonly OpenedModel[]): Promise<readonly OpenedModel[]> {
  const lacking = models.filter(({ files }) => !files.every(isPrinted));
  if (lacking.length === 0) return models;
  const prints = await filesEngine().prints(lacking.map(({ outline }) => outline.id));
  return models.map((model) => {
    const own = prints[lacking.indexOf(model)];
    return own ? { ...model, files: model.files.map((file, i) => ({ ...file, print: own[i] ?? null })) } : model;
  });
}

/** What is set now, with the prints of all files that are open. */
export async function printedState(): Promise<FilesState> {
  const state = useFiles.getState();
  const models = await withPrints(state.models);
  if (models === state.models) return state;
  const printed = (model: OpenedModel) => models.find(({ outline }) => outline === model.outline) ?? model;
  useFiles.setState((now) => ({ models: now.models.map(printed) }));
  return { ...state, models };
}

/** Reads them for whoever looks at the screen; a file that cannot be read says so when it is merged. */
export const readPrints = (): Promise<unknown> => printedState().catch(() => {});
