/** Merges models on disk: as a mergekit configuration says, or as a recipe does over models that are named. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import type { Alignment } from '../../formats/tokenizer/alignment.ts';
import { inLines, type PlannedMerge, type PlanningOptions, planConfiguration, planRecipe } from './planned-merge.ts';
import { runToDisk } from './run-to-disk.ts';
import { wholeNumber } from './whole-number.ts';

export interface FileOptions extends PlanningOptions {
  readonly out: string | undefined;
  readonly shardSize: string | undefined;
  readonly resume: boolean;
  readonly json: boolean;
  readonly threads: string | undefined;
}

export async function mergeConfiguration(path: string, options: FileOptions): Promise<string> {
  const target = targetOf(options);
  return run(path, await planConfiguration(path, options), target);
}

export async function mergeRecipe(path: string, options: FileOptions): Promise<string> {
  const target = targetOf(options);
  return run(path, await planRecipe(path, options), target);
}

async function run(path: string, planned: PlannedMerge, target: ReturnType<typeof targetOf>): Promise<string> {
  if (planned.kind === 'refused') throw new StudioError('recipe', inLines(path, planned.problems));
  const { job, models, expert, alignment } = planned;
  const receipt = await runToDisk(job, models, { ...target, ...(expert !== undefined && { expert }) });
  if (alignment) await writeTokenizer(alignment, target);
  return receipt;
}

/** Beside one file under its name, where a folder may be full of others; a folder of shards is a model of its own. */
async function writeTokenizer(
  { tokenizer }: Alignment,
  { out, shardBytes }: ReturnType<typeof targetOf>,
): Promise<void> {
  if (!tokenizer) {
    const what = 'the tokens were told by vocab.json: add those that are new to a copy of its tokenizer';
    process.stderr.write(`no tokenizer.json is written: ${what}\n`);
    return;
  }
  const path =
    shardBytes === undefined ? out.replace(/\.safetensors$/, '.tokenizer.json') : join(out, 'tokenizer.json');
  await writeFile(path, `${JSON.stringify(tokenizer, null, 2)}\n`);
  const name = shardBytes === undefined ? ' as tokenizer.json' : '';
  process.stderr.write(
    `${path}: the merged model’s tokenizer; put it${name} beside the weights, with the base’s config.json and tokenizer_config.json\n`,
  );
}

/** Reading and writing keep up with no more. */
const MAX_THREADS = 8;

function targetOf({ out, shardSize, resume, json, threads }: FileOptions) {
  if (out === undefined) throw new StudioError('recipe', 'where to write is missing: --out merged.safetensors');
  const shardBytes = shardSize === undefined ? undefined : sizeOf(shardSize);
  if (shardBytes !== undefined && out.endsWith('.safetensors'))
    throw new StudioError(
      'recipe',
      `--out: got ${out}, but with --shard-size several files are written: give a folder`,
    );
  if (shardBytes === undefined && !out.endsWith('.safetensors'))
    throw new StudioError(
      'recipe',
      `--out: got ${out}, wanted a file that ends in .safetensors, or a folder with --shard-size 5GB`,
    );
  const usual = Math.min(MAX_THREADS, availableParallelism());
  return { out, shardBytes, resume, json, threads: wholeNumber('--threads', threads, usual, 1, MAX_THREADS) };
}

function sizeOf(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kMG]?)B?$/i.exec(text) ?? [];
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase()];
  if (number !== undefined && factor !== undefined && Number(number) > 0) return Number(number) * factor;
  throw new StudioError('recipe', `--shard-size: got "${text}", wanted a size such as 5GB or 500MB`);
}
