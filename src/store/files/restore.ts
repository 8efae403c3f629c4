/** A merge that was interrupted, and the files that are open now. */
import type { FilesState, PrintedFile, Role, Unfinished } from './state.ts';

/** Files that are still to be dropped before the merge can go on. */
export function lackingFor(unfinished: Unfinished, { models }: Pick<FilesState, 'models'>): readonly PrintedFile[] {
  const open = new Map(models.map(({ outline, files }) => [outline.id, files]));
  return Object.entries(unfinished.needs).flatMap(([id, files]) => {
    const own = open.get(id)?.map(({ print }) => print) ?? [];
    return files.filter(({ print }) => !own.includes(print));
  });
}

/** The choices that the merge was begun with; undefined while files are lacking. */
export function restored(unfinished: Unfinished, state: FilesState): Partial<FilesState> | undefined {
  if (lackingFor(unfinished, state).length > 0) return undefined;
  const { base, experts, choices, chain, seed, dtype, network, configuration } = unfinished.asked;
  const roleOf = (id: string): Role => (id === base ? 'base' : experts.includes(id) ? 'expert' : 'out');
  return {
    roles: Object.fromEntries(state.models.map(({ outline }) => [outline.id, roleOf(outline.id)])),
    recipe: { ...state.recipe, experts, chain, seed },
    methodTouched: true,
    choices,
    dtype,
    network,
    configuration: configuration === null ? null : { name: 'mergekit configuration', text: configuration },
  };
}
