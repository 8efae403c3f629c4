import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { decomposeChange, extractLora } from '../../engine/files/extract-lora.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { energyLeft, errorAtRank } from '../../formats/lora/extracted.ts';
import { sourcesOf } from './disk.ts';
import { wholeNumber } from './whole-number.ts';

interface Options {
  readonly base: string | undefined;
  readonly rank: string | undefined;
  /** A folder. */
  readonly out: string | undefined;
  readonly json: boolean;
}

const DEFAULT_RANK = 16;
/** Ranks beyond the largest side of any layer are a slip of the finger. */
const MAX_RANK = 4096;

/** Writes what a model changed in its base as a LoRA that PEFT loads, and says what the rank loses. */
export async function extractLoraCommand(path: string | undefined, options: Options): Promise<string> {
  const { base: basePath, out } = options;
  if (path === undefined || basePath === undefined || out === undefined)
    throw new StudioError(
      'recipe',
      'wanted: studio extract-lora merged.safetensors --base base.safetensors --out folder/',
    );
  const rank = wholeNumber('--rank', options.rank, DEFAULT_RANK, 1, MAX_RANK);
  const [model, base] = [await openOne(path), await openOne(basePath)];
  const change = await decomposeChange(model, base, rank, {
    progress: (done, total) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${total} tensors `),
  });
  if (change.factors.length === 0)
    throw new StudioError(
      'files',
      `${path}: no linear tensor differs from ${basePath}, so there is no LoRA to extract`,
    );
  const { weights, config } = extractLora(change, { rank, dtype: 'F32' });
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'adapter_model.safetensors'), weights);
  await writeFile(join(out, 'adapter_config.json'), config);
  const tensors = change.factors.map((factors) => ({
    name: factors.name,
    rank: Math.min(rank, factors.count),
    error: Math.sqrt(energyLeft(factors, rank) / factors.energy),
  }));
  const error = errorAtRank(change.factors, rank);
  const left = change.left.map(({ name }) => name);
  const errorOfAll = errorAtRank([...change.factors, ...change.left], rank);
  if (options.json)
    return JSON.stringify({ out, rank, bytes: weights.length, error, errorOfAll, tensors, left }, undefined, 2);
  const lines = [
    `${out}: a LoRA of rank ${rank} on ${tensors.length} tensors, ${weights.length} bytes`,
    `it misses ${percent(error)} of the change of these tensors (‖ΔW − BA‖ / ‖ΔW‖)`,
  ];
  if (left.length > 0)
    lines.push(
      `${left.length} changed tensors are not linear and not in it, ${percent(errorOfAll)} missed with them: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ', …' : ''}`,
    );
  return lines.join('\n');
}

const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;

async function openOne(path: string): Promise<Checkpoint> {
  const { checkpoints, problems } = await openCheckpoints(await sourcesOf([path]));
  const [checkpoint, other] = checkpoints;
  const refused = problems.find(({ kind }) => kind === 'refused');
  if (refused) throw new StudioError('files', refused.message, refused.todo);
  if (!checkpoint || other) throw new StudioError('files', `${path}: holds ${checkpoints.length} models, wanted one`);
  if (checkpoint.outline.kind === 'adapter')
    throw new StudioError('files', `${path}: is an adapter already; wanted a whole model`);
  return checkpoint;
}
