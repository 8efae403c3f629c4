/** A mergekit configuration over the models that are open: the models that it names are found by the last part of their path. */
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import type { ModelReference } from '../../formats/mergekit/configuration.ts';
import { jobOfMergekit } from '../../formats/mergekit/job.ts';
import { computedDtype } from '../../formats/mergekit/output-dtype.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import type { Alignment } from '../../formats/tokenizer/alignment.ts';
import { adaptTo } from './adapter.ts';
import type { Checkpoint } from './checkpoint.ts';
import { alignConfigured, configuredVocabulary } from './configured-vocabulary.ts';
import { roundedTo } from './rounded.ts';
import { withUnread } from './unread.ts';

export type ConfiguredJob =
  | {
      readonly kind: 'job';
      readonly job: MergeJob;
      readonly checkpoints: ReadonlyMap<string, Checkpoint>;
      readonly alignment: Alignment | null;
    }
  /** Sentences. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** @param open by id */
export async function configuredJob(
  text: string,
  open: ReadonlyMap<string, Checkpoint>,
  seed: number,
): Promise<ConfiguredJob> {
  const config = readMergekitConfig(text);
  if (config.kind === 'refused') return refused(config.problems);
  const byText = new Map<string, Checkpoint>();
  for (const reference of config.references) {
    const found = await modelOf(reference, [...open.values()]);
    if (found) byText.set(reference.text, found);
  }
  const vocabulary = await configuredVocabulary(config, byText, async (path) =>
    called(path, [...open.values()], 'weights')?.readTokenizer?.(),
  );
  if (vocabulary.kind === 'refused') return refused(vocabulary.problems);
  const { outlines, alignment, remarks } = vocabulary;
  const made = jobOfMergekit(config, outlines, { catalogue, mergekit }, seed);
  if (made.kind === 'refused') return refused(made.problems);
  const computed = computedDtype(config);
  const plain = new Map(
    Array.from(byText.values(), (checkpoint) => [checkpoint.outline.id, roundedTo(checkpoint, computed)]),
  );
  const job = { ...made.job, remarks: [...made.job.remarks, ...remarks] };
  const aligned = alignConfigured(job, plain, alignment);
  return { kind: 'job', ...aligned, job: withUnread(aligned.job, aligned.checkpoints), alignment };
}

const refused = (problems: readonly { readonly line: number; readonly message: string }[]): ConfiguredJob => ({
  kind: 'refused',
  reasons: problems.map(({ line, message }) => `line ${line}: ${message}`),
});

async function modelOf({ model, lora }: ModelReference, open: readonly Checkpoint[]): Promise<Checkpoint | undefined> {
  const base = called(model, open, 'weights');
  if (lora === undefined || !base) return base;
  const change = called(lora, open, 'adapter');
  return change && adaptTo(change, base);
}

/** Names as people write them: "./models/my-model", "org/my-model", "my-model.safetensors". */
function called(path: string, open: readonly Checkpoint[], kind: 'weights' | 'adapter'): Checkpoint | undefined {
  const last = plain(path);
  return open.find(({ outline }) => outline.kind === kind && (plain(outline.name) === last || outline.id === last));
}

const plain = (path: string): string =>
  (path.replace(/\/+$/, '').split('/').at(-1) ?? path).replace(/\.safetensors$/i, '').toLowerCase();
