/**
 * Which tensors a configuration makes of which. As in mergekit: layers are what is numbered in a tensor's name, a slice's layers are
 * numbered on, what stands before the layers comes from the first slice, what stands behind them from the last, and both take the
 * first value of a list.
 */

import type { ModelOutline, TensorOutline } from '../checkpoint/outline.ts';
import { quote } from '../link-text.ts';
import type { ConfigurationProblem, MergekitConfiguration, Slice, Source } from './configuration.ts';
import { layerCounts, layerNameOf, stationOf } from './layer-name.ts';

/** One model's part in a tensor. */
export interface PlannedInput {
  readonly source: Source;
  /** What filters of this model's parameters are compared with. */
  readonly name: string;
  readonly tensor: TensorOutline | undefined;
}

export interface PlannedTensor {
  readonly name: string;
  readonly slice: Slice;
  /** 0 at the first layer of a slice, 1 at its last; 0 outside of layers. */
  readonly t: number;
  /** In the order of the sources. */
  readonly inputs: readonly PlannedInput[];
}

export type TensorPlan =
  | { readonly kind: 'plan'; readonly tensors: readonly PlannedTensor[] }
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] };

/** Where an output layer that a model lacks is one with its embedding. */
const TIED: Readonly<Record<string, readonly string[]>> = {
  'lm_head.weight': [
    'model.embed_tokens.weight',
    'backbone.embeddings.weight',
    'decoder.embed_tokens.weight',
    'encoder.embed_tokens.weight',
    'model.language_model.embed_tokens.weight',
    'shared.weight',
    'transformer.wte.weight',
    'wte.weight',
  ],
  'language_model.lm_head.weight': ['language_model.model.embed_tokens.weight'],
  'cls.predictions.decoder.weight': ['bert.embeddings.word_embeddings.weight'],
  'lm_head.decoder.weight': ['roberta.embeddings.word_embeddings.weight'],
  'output.weight': ['model.tok_embeddings.weight'],
  'vocab_projector.weight': ['distilbert.embeddings.word_embeddings.weight'],
};

/** First parts of the names of what stands behind the layers. */
const BEHIND =
  /(^|[._])(lm_head|norm|norm_f|ln_f|final_layer_?norm|layernorm_post|post_layernorm|embed_out|output|output_layer|score|classifier|pre_classifier|pooler|predictions|vocab_\w+|head)\./;

const isBehind = (name: string): boolean => BEHIND.test(name) && !/embed(ding)?s?\.|patch_embed/.test(name);

interface Opened {
  readonly tensors: ReadonlyMap<string, TensorOutline>;
}

/** @param models by the reference's text; every reference of the configuration is there */
export function planTensors(config: MergekitConfiguration, models: ReadonlyMap<string, ModelOutline>): TensorPlan {
  const opened = new Map(
    [...models].map(([text, { tensors }]) => [text, { tensors: new Map(tensors.map((one) => [one.name, one])) }]),
  );
  return config.sliced ? planSlices(config.slices, opened) : planWhole(config.slices[0], opened);
}

const tensorsOf = (source: Source, opened: ReadonlyMap<string, Opened>): ReadonlyMap<string, TensorOutline> =>
  opened.get(source.model.text)?.tensors ?? new Map();

function inputOf(source: Source, name: string, opened: ReadonlyMap<string, Opened>): PlannedInput {
  const tensors = tensorsOf(source, opened);
  const tied = TIED[name]?.find((other) => tensors.has(other));
  return { source, name, tensor: tensors.get(name) ?? (tied === undefined ? undefined : tensors.get(tied)) };
}

/** All names, in the order of the first model that has them. */
const namesOf = (sources: readonly Source[], opened: ReadonlyMap<string, Opened>): string[] => [
  ...new Set(sources.flatMap((source) => [...tensorsOf(source, opened).keys()])),
];

function planWhole(slice: Slice | undefined, opened: ReadonlyMap<string, Opened>): TensorPlan {
  if (!slice) return { kind: 'plan', tensors: [] };
  const names = namesOf(slice.sources, opened);
  const counts = layerCounts(names);
  const tensors = names.map((name): PlannedTensor => {
    const own = layerNameOf(name);
    const count = own ? (counts.get(own.prefix) ?? 1) : 0;
    const inputs = slice.sources.map((source) => inputOf(source, name, opened));
    return { name, slice, t: own ? stationOf(own.layer, count) : 0, inputs };
  });
  return { kind: 'plan', tensors };
}

function planSlices(slices: readonly Slice[], opened: ReadonlyMap<string, Opened>): TensorPlan {
  const [first] = slices;
  const last = slices.at(-1);
  if (!first || !last) return { kind: 'plan', tensors: [] };
  const sources = slices.flatMap((slice) => slice.sources);
  const problems = slices.flatMap(unevenOf);
  const prefixes = [...layerCounts(namesOf(sources, opened)).keys()];
  const [prefix] = prefixes;
  if (prefix === undefined || prefixes.length > 1) {
    const found = prefixes.length === 0 ? 'no layers' : `layers in ${prefixes.length} places (${prefixes.join(', ')})`;
    problems.push({ line: first.line, message: `slices: the models have ${found}, and one row of layers is wanted` });
  } else problems.push(...sources.flatMap((source) => beyond(source, prefix, opened)));
  if (problems.length > 0 || prefix === undefined) return { kind: 'refused', problems };

  const loose = (slice: Slice, behind: boolean): PlannedTensor[] =>
    namesOf(slice.sources, opened)
      .filter((name) => !layerNameOf(name) && isBehind(name) === behind)
      .map((name) => {
        const inputs = slice.sources.map((source) => inputOf(source, name, opened));
        return { name, slice, t: 0, inputs };
      });
  let at = 0;
  const layers = slices.flatMap((slice) =>
    Array.from({ length: lengthOf(slice) }, (_, i) => {
      return layerOf(slice, { prefix, i, number: at++ }, opened);
    }).flat(),
  );
  return { kind: 'plan', tensors: [...loose(first, false), ...layers, ...loose(last, true)] };
}

const lengthOf = ({ sources: [first] }: Slice): number => (first?.layers ? first.layers[1] - first.layers[0] : 0);

function unevenOf(slice: Slice): ConfigurationProblem[] {
  const lengths = slice.sources.map(({ layers }) => (layers ? layers[1] - layers[0] : 0));
  if (lengths.every((length) => length === lengths[0])) return [];
  return [
    { line: slice.line, message: `got sources of ${lengths.join(', ')} layers in one slice, wanted as many of each` },
  ];
}

function beyond(source: Source, prefix: string, opened: ReadonlyMap<string, Opened>): ConfigurationProblem[] {
  const count = layerCounts([...tensorsOf(source, opened).keys()]).get(prefix) ?? 0;
  const to = source.layers?.[1] ?? 0;
  if (to <= count) return [];
  const message = `${quote(source.model.text)} has ${count} layers, and layer_range goes to ${to}`;
  return [{ line: source.line, message }];
}

interface OutputLayer {
  readonly prefix: string;
  /** In the slice. */
  readonly i: number;
  /** In the output. */
  readonly number: number;
}

/** All tensors of one layer of the output. */
function layerOf(
  slice: Slice,
  { prefix, i, number }: OutputLayer,
  opened: ReadonlyMap<string, Opened>,
): PlannedTensor[] {
  const startOf = (source: Source) => `${prefix}${(source.layers?.[0] ?? 0) + i}.`;
  const rests = new Set(
    slice.sources.flatMap((source) => {
      const start = startOf(source);
      return [...tensorsOf(source, opened).keys()].flatMap((name) =>
        name.startsWith(start) ? [name.slice(start.length)] : [],
      );
    }),
  );
  return [...rests].map((rest) => ({
    name: `${prefix}${number}.${rest}`,
    slice,
    t: stationOf(i, lengthOf(slice)),
    inputs: slice.sources.map((source) => inputOf(source, `${startOf(source)}${rest}`, opened)),
  }));
}
