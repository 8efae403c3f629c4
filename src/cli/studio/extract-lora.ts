import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { type DecomposedChange, decomposeChange } from '../../engine/files/extract-lora.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { type AdapterOutput, adapterOutput, wholeOf } from '../../engine/files/write-lora.ts';
import { energyLeft, errorAtRank, type Rest } from '../../formats/lora/extracted.ts';
import { sourcesOf } from './disk.ts';
import { diskSink } from './disk-sink.ts';
import { wholeNumber } from './whole-number.ts';

interface Options {
  readonly base: string | undefined;
  readonly rank: string | undefined;
  /** What becomes of changed tensors that a LoRA has no factors for. */
  readonly rest: string | undefined;
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
  const rest = restOf(options.rest);
  const [model, base] = [await openOne(path), await openOne(basePath)];
  const change = await decomposeChange(model, base, rank, {
    progress: (done, total, doing) =>
      process.stderr.isTTY && process.stderr.write(`\r${Math.floor((100 * done) / total)} % ${doing.padEnd(60)}`),
  });
  if (change.factors.length === 0)
    throw new StudioError(
      'files',
      `${path}: no linear tensor differs from ${basePath}, so there is no LoRA to extract`,
    );
  const output = adapterOutput(change, { rank, dtype: 'F32', rest });
  await writeAdapter(out, output);
  const told = { out, rank, rest, bytes: output.bytes, ...missed(change, rank, rest) };
  return options.json ? JSON.stringify(told, undefined, 2) : inWords(told);
}

function restOf(text: string | undefined): Rest {
  if (text === undefined || text === 'leave-out') return 'leave-out';
  if (text === 'in-full') return 'in-full';
  throw new StudioError('recipe', `--rest: got "${text}", wanted leave-out or in-full`);
}

async function writeAdapter(out: string, { bytes, config, pieces }: AdapterOutput): Promise<void> {
  await mkdir(out, { recursive: true });
  const sink = diskSink(join(out, 'adapter_model.safetensors'));
  await sink.open(bytes);
  let at = 0;
  for await (const piece of pieces()) {
    await sink.write(at, piece);
    at += piece.length;
  }
  await sink.finish();
  await writeFile(join(out, 'adapter_config.json'), config);
}

/** What the adapter does not bring back. */
function missed(change: DecomposedChange, rank: number, rest: Rest) {
  const { tensors: whole, biases, nowhere } = wholeOf(change);
  const kept = new Set(rest === 'in-full' ? [...whole, ...biases] : []);
  const factors = change.factors.filter(({ name }) => !kept.has(name));
  const left = change.left.filter(({ name }) => !kept.has(name));
  const all = [...change.factors, ...change.left];
  const energy = all.reduce((sum, tensor) => sum + tensor.energy, 0);
  const lost = [...factors, ...left].reduce((sum, tensor) => sum + energyLeft(tensor, rank), 0);
  return {
    error: errorAtRank(factors, rank),
    errorOfAll: energy === 0 ? 0 : Math.sqrt(lost / energy),
    tensors: factors.map((tensor) => ({
      name: tensor.name,
      rank: Math.min(rank, tensor.count),
      error: Math.sqrt(energyLeft(tensor, rank) / tensor.energy),
    })),
    left: left.map(({ name }) => name),
    full: [...kept],
    nowhere,
    resized: change.left.flatMap(({ name, rowsBefore, shape }) =>
      rowsBefore !== null && kept.has(name) ? [`${name} (${rowsBefore} rows become ${shape[0]})`] : [],
    ),
  };
}

function inWords(
  told: { readonly out: string; readonly rank: number; readonly bytes: number } & ReturnType<typeof missed>,
) {
  const { out, rank, bytes, tensors, error, errorOfAll, left, full, nowhere, resized } = told;
  const lines = [
    `${out}: a LoRA of rank ${rank} on ${tensors.length} tensors, ${bytes} bytes`,
    `it misses ${percent(error)} of the change of these tensors (‖ΔW − BA‖ / ‖ΔW‖)`,
  ];
  if (full.length > 0) lines.push(`${full.length} tensors are in it in full: ${some(full)}`);
  if (left.length > 0)
    lines.push(
      `${left.length} changed tensors have no factors and are not in it, ${percent(errorOfAll)} missed with them: ${some(left)}`,
    );
  if (left.length > nowhere.length) lines.push('--rest in-full keeps them in full (modules_to_save)');
  if (left.length > 0 && left.length === nowhere.length)
    lines.push('they belong to no module that PEFT could keep in full');
  if (resized.length > 0)
    lines.push(`before the adapter is loaded, the base needs resize_token_embeddings: ${resized.join(', ')}`);
  return lines.join('\n');
}

const NAMED = 5;
const some = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ', …' : ''}`;
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
