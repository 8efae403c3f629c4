/** Merging checkpoints on disk: throughput beside a plain copy's, peak memory, the header table of a large model, and mergekit. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorPart } from '../../engine/files/checkpoint.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { readValues } from '../../engine/files/read-part.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import type { Step } from '../../formats/recipe.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { byteLength, headerBytes, type WrittenEntry } from '../../formats/safetensors/write.ts';
import { methods } from '../../methods/registry.ts';
import { sourcesOf } from '../studio/disk.ts';
import { expectNear } from './check.ts';
import { HIDDEN, MLP, VOCABULARY, writeCheckpoints } from './checkpoints.ts';
import type { FilesRun, Measured } from './files-run.ts';
import type { Group, Row } from './report.ts';
import { exactly, type Spread, spreadOf, time } from './spread.ts';

export interface FilesOptions {
  /** Of each of the four models. */
  readonly megabytes: number;
  /** Program of mergekit to compare with. */
  readonly mergekit: string | undefined;
  readonly announce: (what: string) => void;
}

const ROUNDS = 3;
const MODELS = 4;
/** Large enough for several runs of a tensor, small enough to be merged by the methods' own code. */
const CHECKED_BYTES = 72e6;
/** A step of float16 next to 0.1; sums in another order may fall on either side of a middle. */
const HALF_STEP = 2 ** -14;
const PEAK_GOAL_MB = 400;
const TABLE_GOAL_MS = 300;

interface Subject {
  readonly what: string;
  readonly step: Step;
  readonly models: number;
  readonly hasBase: boolean;
  readonly mergekit: string;
}

/** Four float16 models, as the issue has it: a base and three experts for TIES; slerp joins two. */
const SUBJECTS = {
  linear: {
    what: 'linear',
    step: stepOf('linear', { weight: [0.4, 0.3, 0.2, 0.1] }),
    models: MODELS,
    hasBase: false,
    mergekit: 'linear',
  },
  slerp: { what: 'slerp', step: stepOf('slerp', { t: 0.4 }), models: 2, hasBase: false, mergekit: 'slerp' },
  ties: {
    what: 'TIES',
    step: stepOf('ties', { density: 0.5, trim: 'tensor', weighting: 'before-election', weight: [0.4, 0.3, 0.3] }),
    models: MODELS,
    hasBase: true,
    mergekit: 'ties',
  },
} as const satisfies Record<string, Subject>;

/** A step of the method that mergekit calls so, with its other controls as they are by default. */
function stepOf(mergekit: string, own: Step['controls']): Step {
  const method = methods.find(
    (one) => one.kind === 'merge' && one.mergekit?.some(({ method: name }) => name === mergekit),
  );
  if (!method) throw new Error(`no method is mergekit’s ${mergekit}`);
  const all: Record<string, { readonly default: number | string }> = method.controls;
  const defaults = Object.fromEntries(Object.entries(all).map(([name, control]) => [name, control.default]));
  return { method: method.id, controls: { ...defaults, ...own } };
}

export async function filesGroups({ megabytes, mergekit, announce }: FilesOptions): Promise<Group[]> {
  const folder = await mkdtemp(join(tmpdir(), 'merge-studio-bench-'));
  try {
    announce('files: the answers');
    await checkAnswers(folder);
    announce(`files: making ${MODELS} checkpoints of ${megabytes} MB`);
    const files = pathsIn(folder, 'large');
    await writeCheckpoints(files, megabytes * 1e6);
    const group = await measured(folder, files, announce);
    const groups = [
      group,
      { title: 'The table of a sharded model of 70 billion parameters', rows: [await headerTable()] },
    ];
    if (mergekit === undefined) return groups;
    announce('files: mergekit');
    return [...groups, await beside(mergekit, folder, files)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pathsIn = (folder: string, name: string) =>
  Array.from({ length: MODELS }, (_, model) => join(folder, `${name}-${model}.safetensors`));

function child(run: FilesRun): Measured {
  const { stdout, status } = spawnSync(process.execPath, [process.argv[1] ?? '', '--files-run', JSON.stringify(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`a measurement ended with ${status}`);
  return JSON.parse(stdout) as Measured;
}

const mergeRun = (
  subject: Subject,
  files: readonly string[],
  out: string,
  threads: number,
  lanes = true,
): FilesRun => ({
  kind: 'merge',
  files: files.slice(0, subject.models),
  hasBase: subject.hasBase,
  chain: [subject.step],
  threads,
  lanes,
  out,
});

/** The faster way against the methods' own code, on one and on two threads. */
async function checkAnswers(folder: string): Promise<void> {
  const files = pathsIn(folder, 'small');
  await writeCheckpoints(files, CHECKED_BYTES);
  for (const subject of Object.values(SUBJECTS)) {
    const out = (name: string) => join(folder, `${name}.safetensors`);
    child(mergeRun(subject, files, out('wanted'), 1, false));
    for (const threads of [1, 2]) {
      child(mergeRun(subject, files, out('got'), threads));
      await expectSame(`${subject.what} on ${threads} threads`, out('got'), out('wanted'), HALF_STEP);
    }
  }
}

async function expectSame(what: string, got: string, wanted: string, tolerance: number): Promise<void> {
  const [mine, theirs] = await Promise.all(
    [got, wanted].map(async (path) => readSafetensors(new Uint8Array(await readFile(path)), path).tensors),
  );
  for (const [name, tensor] of theirs ?? []) {
    const own = mine?.get(name);
    expectNear(`${what}: ${name}`, own ? toFloat32(own) : [], toFloat32(tensor), tolerance);
  }
}

async function measured(folder: string, files: readonly string[], announce: (what: string) => void): Promise<Group> {
  const out = join(folder, 'out.safetensors');
  const size = (await stat(files[0] ?? '')).size;
  const gigabytes = (models: number) => ((models + 1) * size) / 1e9;
  const rounds = (run: FilesRun) => {
    const all = Array.from({ length: ROUNDS }, () => child(run));
    const rate = (gb: number) => spreadOf(all.map(({ ms }) => gb / (ms / 1000)));
    return {
      rate,
      whole: spreadOf(all.map(({ wholeMs }) => wholeMs)),
      peak: Math.max(...all.map(({ peakBytes }) => peakBytes)),
    };
  };
  announce('files: a plain copy');
  const copied = rounds({ kind: 'copy', files, out }).rate(gigabytes(MODELS));
  const share = (rate: Spread, of: Spread) => `${((100 * rate.median) / of.median).toFixed(0)} %`;
  const rows: Row[] = [
    {
      what: `plain copy: ${MODELS} files read, one written, 1 thread`,
      measured: copied,
      unit: 'GB/s',
      beside: 'files in the system’s cache',
    },
  ];
  const peaks: number[] = [];
  const linear: Spread[] = [];
  for (const [subject, threads] of [
    [SUBJECTS.linear, 1],
    [SUBJECTS.linear, 2],
    [SUBJECTS.slerp, 1],
    [SUBJECTS.slerp, 2],
    [SUBJECTS.ties, 1],
    [SUBJECTS.ties, 2],
  ] as const) {
    announce(`files: ${subject.what} on ${threads} threads`);
    const { rate, whole, peak } = rounds(mergeRun(subject, files, out, threads));
    const own = rate(gigabytes(subject.models));
    if (subject === SUBJECTS.linear) linear[threads] = own;
    const besideLinear =
      linear[threads] && subject !== SUBJECTS.linear ? `, ${share(own, linear[threads])} of linear` : '';
    peaks.push(peak);
    rows.push({
      what: `${subject.what}, ${threads} ${threads > 1 ? 'threads' : 'thread'}`,
      measured: own,
      unit: 'GB/s',
      beside: `${share(own, copied)} of the copy${besideLinear}; with re-reading and checksum ${(whole.median / 1000).toFixed(1)} s; peak ${(peak / 1e6).toFixed(0)} MB`,
    });
  }
  rows.push({
    what: 'peak memory of them all',
    measured: exactly(Math.max(...peaks) / 1e6),
    unit: 'MB',
    goal: PEAK_GOAL_MB,
  });
  return {
    title: `Merging files of ${(size / 1e6).toFixed(0)} MB, float16, in Node: input and output bytes per second`,
    rows,
  };
}

/** Opens the headers of a base and of a fine-tune, and lays one beside the other. */
async function headerTable(): Promise<Row> {
  const sources = ['base', 'tuned'].flatMap(largeModel);
  const table = async () => {
    const { checkpoints, problems } = await openCheckpoints(sources);
    if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
    const outlines = checkpoints.map(({ outline }) => outline);
    const [base, tuned] = outlines.map(({ id }) => id);
    return fitModels(outlines, { base: base ?? null, experts: tuned === undefined ? [] : [tuned], choices: {} });
  };
  const spread = await time(table, { rounds: 7, warmUps: 0 });
  const { rows } = await table();
  return {
    what: `headers of two models in 2 × ${SHARDS} files, and their table of ${rows.length} tensors`,
    measured: spread,
    unit: 'ms',
    goal: TABLE_GOAL_MS,
    beside: `the first time ${spread.max.toFixed(0)} ms`,
  };
}

const SHARDS = 15;
const LAYERS = 80;

/** Headers of a Llama of 70 billion parameters; nothing stands behind them, and nobody asks for it. */
function largeModel(folder: string): ByteSource[] {
  const [hidden, wide, keys, vocabulary] = [8192, 28_672, 1024, 32_000];
  const tensor = (name: string, ...shape: number[]): WrittenEntry => ({ name: `${name}.weight`, dtype: 'F16', shape });
  const layer = (at: string) => [
    tensor(`${at}.input_layernorm`, hidden),
    ...['q', 'o'].map((name) => tensor(`${at}.self_attn.${name}_proj`, hidden, hidden)),
    ...['k', 'v'].map((name) => tensor(`${at}.self_attn.${name}_proj`, keys, hidden)),
    tensor(`${at}.post_attention_layernorm`, hidden),
    ...['gate', 'up'].map((name) => tensor(`${at}.mlp.${name}_proj`, wide, hidden)),
    tensor(`${at}.mlp.down_proj`, hidden, wide),
  ];
  const entries = [
    tensor('model.embed_tokens', vocabulary, hidden),
    ...Array.from({ length: LAYERS }, (_, index) => layer(`model.layers.${index}`)).flat(),
    tensor('model.norm', hidden),
    tensor('lm_head', vocabulary, hidden),
  ];
  const each = Math.ceil(entries.length / SHARDS);
  return Array.from({ length: SHARDS }, (_, shard) => {
    const own = entries.slice(shard * each, (shard + 1) * each);
    const header = headerBytes(own);
    const number = (value: number) => String(value).padStart(5, '0');
    return {
      path: `${folder}/model-${number(shard + 1)}-of-${number(SHARDS)}.safetensors`,
      size: header.length + own.reduce((sum, entry) => sum + byteLength(entry), 0),
      read: async (begin: number, end: number) => header.slice(begin, end),
    };
  });
}

/** The same merges by mergekit on the same files, and how far the answers are apart. */
async function beside(program: string, folder: string, files: readonly string[]): Promise<Group> {
  const models: string[] = [];
  for (const [index, file] of files.entries()) models.push(await asModel(join(folder, `model-${index}`), file));
  const rows: Row[] = [];
  for (const subject of Object.values(SUBJECTS)) {
    const config = join(folder, `${subject.mergekit}.yaml`);
    await writeFile(config, configOf(subject, models));
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

/** JSON is YAML too. */
function configOf({ mergekit, step, hasBase, models: count }: Subject, models: readonly string[]): string {
  const [base, ...others] = models.slice(0, count);
  const weights = step.controls.weight;
  const weightOf = (index: number) => (Array.isArray(weights) ? { weight: weights[index] } : {});
  const listed = (paths: readonly (string | undefined)[], own: object) =>
    paths.map((model, index) => ({ model, parameters: { ...weightOf(index), ...own } }));
  const shared = { merge_method: mergekit, dtype: 'float16' };
  if (hasBase)
    return JSON.stringify({ ...shared, base_model: base, models: listed(others, { density: step.controls.density }) });
  if (weights) return JSON.stringify({ ...shared, models: listed([base, ...others], {}) });
  return JSON.stringify({
    ...shared,
    base_model: base,
    models: [base, ...others].map((model) => ({ model })),
    parameters: { t: step.controls.t },
  });
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
