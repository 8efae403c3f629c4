/** One tensor in all models, before anything is decided about it. */
import { type Architecture, headNameOf } from './architecture.ts';
import { isBuffer } from './buffers.ts';
import type { FitCell, Mismatch } from './fit-table.ts';
import { type Matching, sameShape } from './matching.ts';
import type { TensorOutline, VocabularyOutline } from './outline.ts';

/** A model beside the reference. */
export interface Side {
  readonly id: string;
  readonly name: string;
  readonly architecture: Architecture;
  readonly matching: Matching;
  /** By its own names. */
  readonly tensors: ReadonlyMap<string, TensorOutline>;
  /** Of the tokenizer beside it, where there is one. */
  readonly vocabulary: VocabularyOutline | undefined;
}

export interface Compared {
  readonly name: string;
  readonly cells: readonly FitCell[];
  readonly mismatch: Mismatch | null;
  /** No training step changes it. */
  readonly buffer: boolean;
}

/** Where one tensor differs in several ways, the first decides. */
const PRECEDENCE: readonly Mismatch[] = ['head', 'shape', 'lacking', 'extra', 'tied', 'vocabulary'];

/** Layers behind the encoder that answer one task's question. */
const TASK_HEAD =
  /^([^.]+\.)?(classifier|score|fc|heads?|cls|qa_outputs|pooler|pre_classifier|text_projection|visual_projection|class_labels_classifier|bbox_predictor)(\.|$)/;
/** Tables with a row for every token, where the architecture is not known. */
const OVER_TOKENS =
  /(^|\.)(wte|embed_tokens|word_embeddings|token_embedding|tok_embeddings|shared|embed_in|embed_out|lm_head|proj_out)(\.|$)/;

/** @param sides the reference first */
export function compare(name: string, sides: readonly Side[]): Compared {
  const [reference] = sides;
  const first = sides.map((side) => tensorOf(side, name)).find((tensor) => tensor !== undefined);
  if (!reference || !first) throw new Error(`${name}: no model has it`);
  if (isBuffer(first))
    return { name, cells: sides.map((side) => bufferCell(side, name)), mismatch: null, buffer: true };
  const isOutput = sides.some(({ architecture }) => architecture.head === name);
  const wanted = tensorOf(reference, name) ?? standIn(reference, isOutput);
  const asked: Asked = { reference, isOutput, wanted: wanted ?? first, lacking: wanted === undefined };
  const found = sides.map((side) => cellOf(side, name, asked));
  const kinds = new Set(found.flatMap(({ mismatch }) => mismatch ?? []));
  const mismatch = PRECEDENCE.find((kind) => kinds.has(kind)) ?? null;
  return { name, cells: found.map(({ cell }) => cell), mismatch, buffer: false };
}

/** What a side has under the reference's name. */
const tensorOf = ({ matching }: Side, name: string): TensorOutline | undefined =>
  matching.of.get(name) ?? matching.rest.get(name);

/** The embedding of a tied model, which is its output layer too. */
function standIn({ architecture, tensors }: Side, isOutput: boolean): TensorOutline | undefined {
  const { tied, embedding } = architecture;
  return isOutput && tied && embedding !== null ? tensors.get(embedding) : undefined;
}

interface Asked {
  readonly reference: Side;
  /** The tensor is the output layer over the vocabulary. */
  readonly isOutput: boolean;
  /** What all are compared with. */
  readonly wanted: TensorOutline;
  /** The reference has no such tensor. */
  readonly lacking: boolean;
}

interface Found {
  readonly cell: FitCell;
  readonly mismatch: Mismatch | null;
}

function cellOf(side: Side, name: string, { reference, isOutput, wanted, lacking }: Asked): Found {
  const own = tensorOf(side, name);
  const tensor = own ?? standIn(side, isOutput);
  if (!tensor) {
    const mismatch = TASK_HEAD.test(name) ? 'head' : lacking ? 'extra' : 'lacking';
    return { cell: nothing(false, `missing: ${side.name} has no such tensor`), mismatch };
  }
  if (!sameShape(tensor.shape, wanted.shape)) {
    const { mismatch, reason } = shapeMismatch(tensor, wanted, side, reference, name);
    return { cell: cell(tensor, false, reason), mismatch };
  }
  const tokens = otherTokens(side, reference, name);
  if (tokens !== undefined && !lacking) return { cell: cell(tensor, false, tokens), mismatch: 'vocabulary' };
  if (!own) {
    const reason = 'tied embeddings: there is no output layer of its own, the embedding counts';
    return { cell: cell(tensor, true, reason), mismatch: side === reference ? 'tied' : null };
  }
  if (lacking) {
    const mismatch = TASK_HEAD.test(name) ? 'head' : 'extra';
    return { cell: cell(tensor, false, `${reference.name} has no such tensor`), mismatch };
  }
  return { cell: cell(tensor, true, remarkOn(tensor, wanted, name)), mismatch: null };
}

const cell = ({ name, shape, dtype }: TensorOutline, fits: boolean, reason: string): FitCell => ({
  tensor: name,
  shape,
  dtype,
  fits,
  reason,
});

const nothing = (fits: boolean, reason: string): FitCell => ({ tensor: null, shape: null, dtype: null, fits, reason });

function bufferCell(side: Side, name: string): FitCell {
  const tensor = tensorOf(side, name);
  if (!tensor) return nothing(true, 'missing, but it is not trained: copied from a model that has it');
  return cell(tensor, true, 'not trained (a count, an index or a mask): copied, not merged');
}

const inBrackets = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

function shapeMismatch(
  tensor: TensorOutline,
  sample: TensorOutline,
  side: Side,
  reference: Side,
  name: string,
): { readonly mismatch: Mismatch; readonly reason: string } {
  const both = `${inBrackets(tensor.shape)} in ${side.name}, ${inBrackets(sample.shape)} in ${reference.name}`;
  const [rows = 0, ...sides] = tensor.shape;
  const [wanted = 0, ...others] = sample.shape;
  if (isOverTokens(name, reference.architecture) && tensor.shape.length > 0 && sameShape(sides, others))
    return {
      mismatch: 'vocabulary',
      reason: `vocabulary: ${rows} rows in ${side.name}, ${wanted} in ${reference.name}`,
    };
  if (TASK_HEAD.test(name)) return { mismatch: 'head', reason: `the head of another task: ${both}` };
  const turned = tensor.shape.length === 2 && sameShape([...tensor.shape].reverse(), sample.shape);
  return {
    mismatch: 'shape',
    reason: turned ? `shape: ${both}; stored transposed?` : `shape: ${both}; not trained from the same base?`,
  };
}

/** Why equal rows stand for other tokens, where they do. */
function otherTokens(side: Side, reference: Side, name: string): string | undefined {
  const [own, wanted] = [side.vocabulary, reference.vocabulary];
  if (!own || !wanted || own.digest === wanted.digest || !isOverTokens(name, reference.architecture)) return undefined;
  const count =
    own.tokens === wanted.tokens
      ? `${own.tokens} tokens in both, but not the same in every row`
      : `${own.tokens} tokens in ${side.name}, ${wanted.tokens} in ${reference.name}`;
  return `vocabulary: ${count}`;
}

/** Whether a tensor has a row for every token. */
export function isOverTokens(name: string, architecture: Architecture): boolean {
  const head = headNameOf(architecture);
  if (name === architecture.embedding || name === head) return true;
  if (head !== null && name === `${head.replace(/weight$/, '')}bias`) return true;
  return OVER_TOKENS.test(name);
}

function remarkOn(tensor: TensorOutline, sample: TensorOutline, name: string): string {
  const named = tensor.name === name ? [] : [`named ${tensor.name}`];
  const typed = tensor.dtype === sample.dtype ? [] : [`${tensor.dtype} here, ${sample.dtype} there: that is fine`];
  return [...named, ...typed].join('; ');
}
