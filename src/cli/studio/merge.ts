import { writeFile } from 'node:fs/promises';
import { StudioError } from '../../engine/fault.ts';
import { createMerger } from '../../engine/merger.ts';
import { tableOf } from '../../engine/zoo.ts';
import { buildLink } from '../../formats/link.ts';
import { mergeId } from '../../formats/merge-id.ts';
import { fromFloat32, type StoredTensor, writeSafetensors } from '../../formats/safetensors.ts';
import { defaultView } from '../../formats/view.ts';
import { metadata } from '../../methods/metadata.ts';
import { openLinkText, openLocalZoo, openWasm } from './local.ts';

/** Writes the merged encoder as float32, with its recipe in the file's metadata. */
export async function merge(link: string | undefined, out: string | undefined): Promise<string> {
  if (out === undefined) throw new StudioError('recipe', 'where to write is missing: --out merged.safetensors');
  const { recipe, card, notes } = await openLinkText(link);
  for (const note of notes) process.stderr.write(`${note}\n`);
  await openWasm();
  const zoo = openLocalZoo(card);
  const merger = createMerger(zoo, () => performance.now());
  const { weights, blocks } = await merger.merge(recipe);
  const flat = await merger.read(weights);
  const tensors = new Map(
    tableOf(card, blocks).map(({ name, shape, start, length }): [string, StoredTensor] => [
      name,
      { dtype: 'F32', shape, bytes: fromFloat32(flat.subarray(start, start + length), 'F32') },
    ]),
  );
  const bytes = writeSafetensors(tensors, {
    format: 'pt',
    family: card.family,
    merge_id: mergeId(recipe, metadata, card),
    recipe: buildLink(recipe, defaultView(recipe, card), metadata, card),
  });
  await writeFile(out, bytes).catch((error: unknown) => {
    throw new StudioError('recipe', `${out}: cannot be written (${error instanceof Error ? error.message : error})`);
  });
  return `${out}: ${tensors.size} tensors, ${bytes.length} bytes`;
}
