/** What merges of files are measured on: chains of one step, each run in a process of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Step } from '../../formats/recipe.ts';
import { methodById } from '../../methods/registry.ts';
import type { FilesRun, Measured } from './files-run.ts';

/** Files that are made: a base and three fine-tunes of it. */
export const MODELS = 4;

export interface Subject {
  readonly what: string;
  readonly step: Step;
  readonly models: number;
  readonly hasBase: boolean;
  readonly mergekit: string;
}

/** Four float16 models, as the issue has it: a base and three experts for TIES; slerp joins two. */
export const SUBJECTS = {
  linear: {
    what: 'linear',
    step: stepOf('weight-average', { weight: [0.4, 0.3, 0.2, 0.1] }),
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

export const ALL_SUBJECTS: readonly Subject[] = Object.values(SUBJECTS);

export const THREADS = [1, 2] as const;
/** How often each is measured. */
export const ROUNDS = 3;
/** Copied at once, of each file: what merges read at once of a float16 model. */
export const PIECE_BYTES = 2 ** 20;

export const pathsIn = (folder: string, name: string): readonly string[] =>
  Array.from({ length: MODELS }, (_, model) => join(folder, `${name}-${model}.safetensors`));

/** A step with its other controls as they are by default. */
function stepOf(id: string, own: Step['controls']): Step {
  const all: Record<string, { readonly default: number | string }> = methodById(id).controls;
  const defaults = Object.fromEntries(Object.entries(all).map(([name, control]) => [name, control.default]));
  return { method: id, controls: { ...defaults, ...own } };
}

export function child(run: FilesRun): Measured {
  const { stdout, status } = spawnSync(process.execPath, [process.argv[1] ?? '', '--files-run', JSON.stringify(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`a measurement ended with ${status}`);
  return JSON.parse(stdout) as Measured;
}

export const mergeRun = (
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

/** The same merge for mergekit; JSON is YAML too. */
export function mergekitConfig({ mergekit, step, hasBase, models: count }: Subject, models: readonly string[]): string {
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
