/** The page's mix of own models in the forms that other tools read: a mergekit configuration, a model card, a Python program. */
import catalogue from 'virtual:catalogue';
import handbook from 'virtual:handbook';
import mergekit from 'virtual:mergekit';
import { configOfJob } from '../../formats/mergekit/of-job.ts';
import { modelCard } from '../../formats/model-card.ts';
import { pythonSnippet } from '../../formats/python-snippet.ts';
import { knownMethod } from '../../formats/recipe.ts';
import type { Made } from './own-mix.ts';
import type { Written } from './write-merge.ts';

export type ExportKind = 'mergekit' | 'card' | 'snippet' | 'tokenizer';

export interface ExportedText {
  /** Null where it cannot be made; the notes say why. */
  readonly text: string | null;
  /** What it cannot say, sentences. */
  readonly notes: readonly string[];
}

interface Known {
  /** Of the files of each model that is open, by its id: what stands for their paths. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly written: Written | null;
}

const DICTIONARY = { catalogue, mergekit };
const OUT = 'merge.safetensors';

function tokenizerOf(alignment: Made['alignment']): ExportedText {
  if (!alignment?.tokenizer) return { text: null, notes: ['The tokenizer is that of the models: copy it from them.'] };
  const { rows, tokenizer } = alignment;
  return {
    text: `${JSON.stringify(tokenizer, null, 2)}\n`,
    notes: [`Put it beside the merged weights, and set vocab_size to ${rows} in the config.json there.`],
  };
}

export function exportOf(
  kind: ExportKind,
  { job, checkpoints, alignment }: Made,
  { paths, written }: Known,
): ExportedText {
  if (kind === 'tokenizer') return tokenizerOf(alignment);
  const names = new Map([...checkpoints].map(([id, { outline }]) => [id, `./${outline.name}`]));
  const config = configOfJob(job, names, DICTIONARY);
  switch (kind) {
    case 'mergekit':
      return config.kind === 'config'
        ? { text: config.text, notes: config.inexact }
        : { text: null, notes: [config.reason] };
    case 'snippet': {
      const files = new Map([...checkpoints.keys()].map((id) => [id, paths.get(id) ?? []]));
      const text = config.kind === 'config' ? { config: config.text } : {};
      const made = pythonSnippet(job, { files, out: written?.name ?? OUT, ...text }, DICTIONARY);
      if (made) return { text: made.text, notes: [] };
      return {
        text: null,
        notes: ['Neither a few lines of PyTorch nor mergekit can make this merge: use npm run studio -- merge.'],
      };
    }
    case 'card': {
      const methods = [...new Set(job.chains.flat().map(({ method }) => method))];
      const bases = new Set(
        job.tensors.flatMap(({ making }) => (making.kind === 'merge' ? (making.base?.model ?? []) : [])),
      );
      const text = modelCard({
        title: written?.name ?? OUT,
        models: [...checkpoints].map(([id, { outline }]) => ({
          name: outline.name,
          part: bases.has(id) ? 'base' : 'expert',
        })),
        methods: methods.flatMap((id) => handbook.methods[id] ?? []),
        methodNames: methods.map((id) => knownMethod(catalogue, id).name),
        config: config.kind === 'config' ? config : { reason: config.reason },
        files: (written?.receipt.files ?? []).map((file) => ({ ...file, name: written?.name ?? file.name })),
        remarks: job.remarks,
      });
      return { text, notes: written ? [] : ['There is no checksum in it before the merge is written.'] };
    }
  }
}
