/** What becomes of files that were dropped or chosen while, or so that, the visitor's own models are on the screen. */
import type { DroppedFile } from '../../client/protocol.ts';
import { failureOf } from '../../client/worker-client.ts';
import { startChecking } from './check.ts';
import { filesEngine } from './engine.ts';
import { holdFiles } from './held.ts';
import { openRecipeOfFiles } from './link.ts';
import { readPrints, withPrints } from './prints.ts';
import { useFiles } from './store.ts';

/** As the page names the recipes that it gives. */
const RECIPE = /(^|[/ ._-])recipe[^/]*\.json$/i;
const CONFIGURATION = /\.ya?ml$/i;
/** mergekit's configurations take a few kilobytes. */
const LONGEST_CONFIGURATION = 1_000_000;

export async function filesDropped(files: readonly DroppedFile[]): Promise<void> {
  startChecking();
  const configurations = files.filter(({ path }) => CONFIGURATION.test(path));
  const recipes = files.filter(({ path }) => RECIPE.test(path));
  const models = files.filter((file) => !configurations.includes(file) && !recipes.includes(file));
  if (models.length > 0) await openModels(models);
  for (const recipe of recipes.slice(0, 1)) await openRecipe(recipe);
  const [configuration] = configurations;
  if (!configuration) return;
  const { path, file } = configuration;
  if (file.size <= LONGEST_CONFIGURATION)
    return useFiles.getState().configurationOpened({ name: path, text: await file.text() });
  const message = `${path}: has ${file.size} bytes, a configuration at most ${LONGEST_CONFIGURATION}`;
  useFiles.getState().modelsOpened([], [{ path, kind: 'refused', message, todo: 'Drop another file.' }]);
}

async function openRecipe({ path, file }: DroppedFile): Promise<void> {
  const tooLong = file.size > LONGEST_CONFIGURATION;
  const refusal = tooLong
    ? `has ${file.size} bytes, a recipe at most ${LONGEST_CONFIGURATION}`
    : await readPrints().then(async () => openRecipeOfFiles(await file.text()));
  if (refusal === undefined) return;
  const todo = 'Take the recipe from this page with the models open, or set the merge by hand.';
  useFiles.getState().modelsOpened([], [{ path, kind: 'refused', message: `${path}: ${refusal}`, todo }]);
}

async function openModels(files: readonly DroppedFile[]): Promise<void> {
  const { modelsOpened, openingChanged } = useFiles.getState();
  openingChanged(files.length);
  holdFiles(files);
  try {
    const { models, problems } = await filesEngine().open(files);
    modelsOpened(areKnownByPrint() ? await withPrints(models).catch(() => models) : models, problems);
  } catch (error) {
    const { message, todo } = failureOf(error);
    modelsOpened([], [{ path: files[0]?.path ?? '', kind: 'refused', message, todo }]);
  } finally {
    openingChanged(-files.length);
  }
}

/** A link, a recipe or an interrupted merge waits for files: they take their parts as they come in. */
function areKnownByPrint(): boolean {
  const { wanted, unfinished } = useFiles.getState();
  return wanted.length > 0 || unfinished !== null;
}

/** Closes a model; its file stays where it is. */
export function forgetModel(id: string): void {
  useFiles.getState().modelRemoved(id);
  void filesEngine().forget(id);
}
