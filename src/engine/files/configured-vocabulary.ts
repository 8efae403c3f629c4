/** The vocabulary that a mergekit configuration asks for, over the models that it names. */
import type { MergeJob, Place } from '../../formats/checkpoint/job.ts';
import type { ModelOutline } from '../../formats/checkpoint/outline.ts';
import type { AskedTokens, ConfigurationProblem, MergekitConfiguration } from '../../formats/mergekit/configuration.ts';
import type { Alignment, TokenSetting } from '../../formats/tokenizer/alignment.ts';
import { type Tokenizer, TokenizerError } from '../../formats/tokenizer/vocabulary.ts';
import { StudioError } from '../fault.ts';
import { alignJob, alignmentOf } from './align-vocabulary.ts';
import type { Checkpoint } from './checkpoint.ts';
import { overTokens } from './mix-vocabulary.ts';
import type { Checkpoints } from './place-values.ts';

export type ConfiguredVocabulary =
  | {
      readonly kind: 'vocabulary';
      /** By the references' texts: as jobs are made of them. */
      readonly outlines: ReadonlyMap<string, ModelOutline>;
      /** Null where rows are matched by their number. */
      readonly alignment: Alignment | null;
      readonly remarks: readonly string[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] };

/**
 * @param models by the references' texts
 * @param tokenizerAt of a model that is not merged, by its path
 */
export async function configuredVocabulary(
  { tokens, base }: MergekitConfiguration,
  models: ReadonlyMap<string, Checkpoint>,
  tokenizerAt: (path: string) => Promise<Tokenizer | undefined>,
): Promise<ConfiguredVocabulary> {
  const outlines = new Map(Array.from(models, ([text, { outline }]) => [text, outline]));
  const plain = (remark: readonly string[]): ConfiguredVocabulary => ({
    kind: 'vocabulary',
    outlines,
    alignment: null,
    remarks: remark,
  });
  if (!tokens) return plain(differing([...models.values()]));
  const first = base ? models.get(base.text) : [...models.values()][0];
  // Models that are missing are told of by whoever makes the job.
  if (!first) return plain([]);
  if (!first.outline.vocabulary)
    return plain([
      `${first.outline.name} has no tokenizer.json beside its weights, so the tokenizer that is asked for is not made: rows are matched by their number, and equal rows of the embeddings must stand for equal tokens.`,
    ]);
  try {
    const alignment = await alignedBy(tokens, { models, tokenizerAt, base: base ? first.outline.id : null });
    const without = [...models.values()]
      .filter(({ outline }) => !outline.vocabulary)
      .map(({ outline }) => outline.name);
    const same = without.map(
      (name) =>
        `${name} has no tokenizer.json beside its weights: as in mergekit, it is taken to have that of ${first.outline.name}.`,
    );
    const made = `Rows of embeddings are matched by token: the merged model has ${alignment.rows} rows. Set vocab_size to ${alignment.rows} in its config.json.`;
    const equal = new Map(Array.from(models, ([text, model]) => [text, withRows(model, alignment.rows)]));
    return { kind: 'vocabulary', outlines: equal, alignment, remarks: [made, ...same] };
  } catch (error) {
    if (!(error instanceof TokenizerError || error instanceof StudioError)) throw error;
    return { kind: 'refused', problems: [{ line: tokens.line, message: error.message }] };
  }
}

/** The job over models that are put into the vocabulary. */
export function alignConfigured(job: MergeJob, checkpoints: Checkpoints, alignment: Alignment | null) {
  if (!alignment) return { job, checkpoints };
  const order = [...alignment.own.keys()];
  const inOrder = (places: readonly Place[]): readonly Place[] =>
    [...new Map(places.map((place) => [place.model, place])).values()].sort(
      (a, b) => order.indexOf(a.model) - order.indexOf(b.model),
    );
  return alignJob(job, checkpoints, alignment, ({ making }) => {
    const places = making.kind === 'copy' ? [making.from] : [...(making.base ? [making.base] : []), ...making.experts];
    const over = places.every(({ model, tensor }) => {
      const checkpoint = checkpoints.get(model);
      return checkpoint !== undefined && overTokens(tensor, checkpoint);
    });
    return over ? inOrder(places) : undefined;
  });
}

interface Known {
  readonly models: ReadonlyMap<string, Checkpoint>;
  readonly tokenizerAt: (path: string) => Promise<Tokenizer | undefined>;
  readonly base: string | null;
}

async function alignedBy(asked: AskedTokens, { models, tokenizerAt, base }: Known): Promise<Alignment> {
  const idOf = (text: string): string => {
    const model = models.get(text);
    if (model) return model.outline.id;
    throw new TokenizerError(`tokenizer.tokens: “${text}” is not among the merged models`);
  };
  const settings = asked.tokens.map(({ token, source, force }): [string, TokenSetting] => {
    const from = source && (source.kind === 'zero' ? source : { ...source, model: idOf(source.model.text) });
    return [token, { source: from, force }];
  });
  const request = { base, tokens: new Map(settings), padTo: asked.padTo };
  const distinct = [...new Map(Array.from(models.values(), (model) => [model.outline.id, model])).values()];
  const source =
    typeof asked.source === 'string' ? asked.source : await tokenizerOf(asked.source.text, asked.source.model);
  return alignmentOf(distinct, { ...request, source }, overTokens);

  async function tokenizerOf(text: string, path: string): Promise<Tokenizer> {
    const found = (await models.get(text)?.readTokenizer?.()) ?? (await tokenizerAt(path));
    if (found) return found;
    throw new TokenizerError(`“${path}” has no tokenizer.json: open it, or take “union” or “base”`);
  }
}

function withRows(model: Checkpoint, rows: number): ModelOutline {
  const tensors = model.outline.tensors.map((tensor) =>
    overTokens(tensor.name, model) ? { ...tensor, shape: [rows, ...tensor.shape.slice(1)] } : tensor,
  );
  return { ...model.outline, tensors };
}

/** mergekit does not look at tokenizers that nobody asks it for, but they may be worth a look. */
function differing(models: readonly Checkpoint[]): readonly string[] {
  const known = models.flatMap(({ outline }) => outline.vocabulary ?? []);
  if (new Set(known.map(({ digest }) => digest)).size < 2) return [];
  return [
    'The tokenizers of the models give other rows to the same tokens, and rows are matched by their number, as mergekit does: write “tokenizer_source: union” to match them by token.',
  ];
}
