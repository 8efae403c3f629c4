/** Merges of files by mergekit, and how far its answers are from the studio's. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorPart } from '../../engine/files/checkpoint.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { readValues } from '../../engine/files/read-part.ts';
import { sourcesOf } from '../studio/disk.ts';
import { HIDDEN, MLP, VOCABULARY } from './checkpoints.ts';
import { child, mergekitConfig, mergeRun, SUBJECTS } from './files-subjects.ts';
import type { Group, Row } from './report.ts';
import { exactly } from './spread.ts';

/** The same merges by mergekit on the same files, and how far the answers are apart. */
export async function besideMergekit(program: string, folder: string, files: readonly string[]): Promise<Group> {
  const models: string[] = [];
  for (const [index, file] of files.entries()) models.push(await asModel(join(folder, `model-${index}`), file));
  const rows: Row[] = [];
  for (const subject of Object.values(SUBJECTS)) {
    const config = join(folder, `${subject.mergekit}.yaml`);
    await writeFile(config, mergekitConfig(subject, models));
    const out = join(folder, 'mergekit');
    await rm(out, { recursive: true, force: true });
    const started = performance.now();
    const { status } = spawnSync(program, [config, out, '--quiet'], { stdio: ['ignore', 2, 2] });
    const seconds = (performance.now() - started) / 1000;
    if (status !== 0) throw new Error(`${program} ended with ${status}`);
    const own = join(folder, 'own.safetensors');
    const { wholeMs } = child(mergeRun(subject, files, own, 2));
    const [theirs] = (await readdir(out)).filter((name) => name.endsWith('.safetensors'));
    const difference = await meanDifference(own, join(out, theirs ?? ''));
    rows.push({
      what: `mergekit, ${subject.what}`,
      measured: exactly(seconds),
      unit: 's',
      beside: `the studio, 2 threads, with checksum: ${(wholeMs / 1000).toFixed(1)} s, ${(seconds / (wholeMs / 1000)).toFixed(1)} times as fast; mean difference ${difference.toExponential(1)}`,
    });
  }
  return { title: 'Beside mergekit, the same files (its start included)', rows };
}

/** A folder that mergekit takes for a Llama. */
async function asModel(folder: string, file: string): Promise<string> {
  await mkdir(folder);
  await symlink(file, join(folder, 'model.safetensors'));
  const blocks = new Set((await tensorNames(file)).flatMap((name) => /layers\.(\d+)\./.exec(name)?.[1] ?? []));
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: HIDDEN,
    intermediate_size: MLP,
    num_attention_heads: 16,
    num_key_value_heads: 16,
    num_hidden_layers: blocks.size,
    vocab_size: VOCABULARY,
    tie_word_embeddings: true,
    torch_dtype: 'float16',
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

async function tensorNames(file: string): Promise<readonly string[]> {
  const { checkpoints } = await openCheckpoints(await sourcesOf([file]));
  return checkpoints[0]?.outline.tensors.map(({ name }) => name) ?? [];
}

/** Over all weights. */
async function meanDifference(got: string, wanted: string): Promise<number> {
  const open = async (path: string) => {
    const { checkpoints } = await openCheckpoints(await sourcesOf([path]));
    return checkpoints[0]?.parts ?? new Map<string, TensorPart>();
  };
  const [mine, theirs] = [await open(got), await open(wanted)];
  let total = 0;
  let count = 0;
  for (const [name, part] of mine) {
    const other = theirs.get(name);
    if (!other) throw new Error(`${wanted}: has no ${name}`);
    const [a, b] = [await readValues(part), await readValues(other)];
    for (let i = 0; i < a.length; i++) total += Math.abs((a[i] as number) - (b[i] as number));
    count += a.length;
  }
  return total / count;
}
