/** The models of a recipe on the command line, and those that it was made with. */
import type { Checkpoint, TensorPart } from '../../engine/files/checkpoint.ts';
import { printOf } from '../../engine/files/print.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import type { Choices } from '../../formats/checkpoint/fit-table.ts';
import { otherBytes, type RecipeOfFiles } from '../../formats/checkpoint/recipe-of-files.ts';
import { BASE } from './open-models.ts';

/** On the command line the base is called “base”, whatever it was called where the recipe was made. */
export function choicesIn({ files, choices }: RecipeOfFiles): Choices {
  const own = files.find(({ part }) => part === 'base')?.model;
  return Object.fromEntries(
    Object.entries(choices).map(([kind, choice]) => [
      kind,
      own !== undefined && choice === `keep:${own}` ? `keep:${BASE}` : choice,
    ]),
  );
}

/** Sentences about files that are not the ones that the recipe was made with. */
export async function otherFiles(
  files: RecipeOfFiles['files'],
  models: ReadonlyMap<string, Checkpoint>,
): Promise<readonly string[]> {
  const given = new Map<string, Awaited<ReturnType<typeof printsOf>>>();
  const told: string[] = [];
  for (const wanted of files) {
    const id = wanted.part === 'base' ? BASE : wanted.model;
    const model = models.get(id);
    if (!model) continue;
    const prints = given.get(id) ?? (await printsOf(model));
    given.set(id, prints);
    if (prints.some(({ print }) => print.startsWith(wanted.print))) continue;
    const reason =
      otherBytes(wanted, [{ files: prints }]) ??
      `none of its files is ${wanted.name} (checksum ${wanted.print.slice(0, PRINT_DIGITS)})`;
    told.push(`${id} is not the model that the recipe was made with, so the merge may be another: ${reason}.`);
  }
  return told;
}

const PRINT_DIGITS = 12;

/** Files that the model's own weights stand in. */
async function printsOf({ parts }: Checkpoint) {
  const sources = new Set(Array.from(parts.values()).flatMap(sourcesIn));
  return Promise.all(
    Array.from(sources, async (source) => ({ path: source.path, size: source.size, print: await printOf(source) })),
  );
}

function sourcesIn(part: TensorPart): ByteSource[] {
  if (part.kind === 'stored') return [part.source];
  return (
    part.kind === 'adapted'
      ? [part.on, part.down, part.up, ...(part.times ? [part.times.down, part.times.up] : [])]
      : [part.on]
  ).flatMap(sourcesIn);
}
