import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import { createMerger } from '../../engine/merger.ts';
import type { Networks } from '../../engine/networks.ts';
import { tableOf, type Zoo } from '../../engine/zoo.ts';
import { buildLink } from '../../formats/link.ts';
import { mergeId } from '../../formats/merge-id.ts';
import { isPack } from '../../formats/pack.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import { defaultView } from '../../formats/view.ts';
import { metadata } from '../../methods/metadata.ts';
import { openLinkText, openLocalZoo, openWasm } from './local.ts';

interface Options {
  /** A file; for all networks of a pack a folder. */
  readonly out: string | undefined;
  /** Whose network of a pack is wanted. */
  readonly task: string | undefined;
}

interface Output {
  readonly path: string;
  readonly weights: Float32Array;
  /** Of a pack's network. */
  readonly task?: string;
  /** Of the network, where it has another depth than its family. */
  readonly blocks?: number;
}

const SUFFIX = '.safetensors';

/** Writes the merged encoder, or encoders, as float32, with the recipe in each file's metadata. */
export async function merge(link: string | undefined, { out, task }: Options): Promise<string> {
  if (out === undefined) throw new StudioError('recipe', 'where to write is missing: --out merged.safetensors');
  const { recipe, card, notes } = await openLinkText(link);
  const single = !isPack(recipe, metadata);
  if (single && task !== undefined)
    throw new StudioError(
      'recipe',
      `--task: got "${task}", but this method gives one network for all tasks; leave it out`,
    );
  if (!single) checkPack(recipe, out, task);
  for (const note of notes) process.stderr.write(`${note}\n`);
  await openWasm();
  const zoo = openLocalZoo(card);
  const merger = createMerger(zoo, () => performance.now());
  const networks = await merger.readAll(await merger.merge(recipe));
  if (!single && task === undefined) await mkdir(out, { recursive: true }).catch(unwritable(out));
  const lines: string[] = [];
  for (const output of outputs(networks, out, task)) lines.push(await write(output, zoo, recipe));
  return lines.join('\n');
}

/** @throws StudioError unless it is clear which networks go where */
function checkPack({ experts }: Recipe, out: string, task: string | undefined): void {
  if (task === undefined && out.endsWith(SUFFIX))
    throw new StudioError(
      'recipe',
      `${out}: this method gives one network per task; say which one with --task (${experts.join(', ')}), or give a folder: --out ${out.slice(0, -SUFFIX.length)}/`,
    );
  if (task !== undefined && !experts.includes(task))
    throw new StudioError('recipe', `--task: got "${task}", wanted one of the merged tasks: ${experts.join(', ')}`);
}

function outputs(networks: Networks<Float32Array>, out: string, task: string | undefined): Output[] {
  const { weights, perTask, blocks } = networks;
  if (!perTask) return [{ path: out, weights, ...(blocks !== undefined && { blocks }) }];
  return Object.entries(perTask).flatMap(([id, own]) => {
    if (task === undefined) return [{ path: join(out, `${id}${SUFFIX}`), weights: own, task: id }];
    return id === task ? [{ path: out, weights: own, task: id }] : [];
  });
}

async function write({ path, weights, task, blocks }: Output, { card }: Zoo, recipe: Recipe): Promise<string> {
  const tensors = new Map(
    tableOf(card, blocks).map(({ name, shape, start, length }): [string, StoredTensor] => [
      name,
      { dtype: 'F32', shape, bytes: fromFloat32(weights.subarray(start, start + length), 'F32') },
    ]),
  );
  const bytes = writeSafetensors(tensors, {
    format: 'pt',
    family: card.family,
    merge_id: mergeId(recipe, metadata, card),
    recipe: buildLink(recipe, defaultView(recipe, card), metadata, card),
    ...(task !== undefined && { task }),
  });
  await writeFile(path, bytes).catch(unwritable(path));
  return `${path}: ${tensors.size} tensors, ${bytes.length} bytes`;
}

function unwritable(path: string) {
  return (error: unknown): never => {
    throw new StudioError('recipe', `${path}: cannot be written (${error instanceof Error ? error.message : error})`);
  };
}
