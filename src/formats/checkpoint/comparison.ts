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
  /** Ways in which its models differ, in the order of PRECEDENCE. */
  readonly mismatches: readonly Mismatch[];
  /** Of each, one model's reason in words. */
  readonly examples: Readonly<Partial<Record<Mismatch, string>>>;
  /** No training step changes it. */
  readonly buffer: boolean;
}

/** Where one tensor differs in several ways, the first is decided first: it may leave nothing to decide about the others. */
export const PRECEDENCE: readonly Mismatch[] = ['head', 'shape', 'lacking', 'extra', 'tied', 'vocabulary'];

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
    return { name, cells: sides.map((side) => bufferCell(side, name)), ...NOTHING_DIFFERS, buffer: true };
  const isOutput = sides.some(({ architecture }) => architecture.head === name);
  const wanted = tensorOf(reference, name) ?? standIn(reference, isOutput);
  const asked: Asked = { reference, isOutput, wanted: wanted ?? first, lacking: wanted === undefined };
  const found = sides.map((side) => cellOf(side, name, asked));
  // The first model's reason of each kind stays.
  const examples = Object.fromEntries(found.flatMap(({ reasons }) => Object.entries(reasons)).reverse());
  const mismatches = PRECEDENCE.filter((kind) => Object.hasOwn(examples, kind));
  return { name, cells: found.map(({ cell }) => cell), mismatches, examples, buffer: false };
}

const NOTHING_DIFFERS = { mismatches: [], examples: {} } as const;

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
  /** Ways in which it differs, in words. */
  readonly reasons: Compared['examples'];
}

function cellOf(side: Side, name: string, { reference, isOutput, wanted, lacking }: Asked): Found {
  const own = tensorOf(side, name);
  const tensor = own ?? standIn(side, isOutput);
  if (!tensor) {
    const mismatch = TASK_HEAD.test(name) ? 'head' : lacking ? 'extra' : 'lacking';
    const reason = `missing: ${side.name} has no such tensor`;
    return { cell: nothing(false, reason), reasons: { [mismatch]: reason } };
  }
  if (!sameShape(tensor.shape, wanted.shape)) {
    const reasons = shapeMismatch(tensor, wanted, side, reference, name);
    return { cell: cell(tensor, false, Object.values(reasons).join('; ')), reasons };
  }
  const tokens = otherTokens(side, reference, name);
  if (tokens !== undefined && !lacking) return { cell: cell(tensor, false, tokens), reasons: { vocabulary: tokens } };
  if (!own) {
    const reason = 'tied embeddings: there is no output layer of its own, the embedding counts';
    return { cell: cell(tensor, true, reason), reasons: side === reference ? { tied: reason } : {} };
  }
  if (lacking) {
    const mismatch = TASK_HEAD.test(name) ? 'head' : 'extra';
    const reason = `${reference.name} has no such tensor`;
    return { cell: cell(tensor, false, reason), reasons: { [mismatch]: reason } };
  }
  return { cell: cell(tensor, true, remarkOn(tensor, wanted, name)), reasons: {} };
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
): Compared['examples'] {
  const both = `${inBrackets(tensor.shape)} in ${side.name}, ${inBrackets(sample.shape)} in ${reference.name}`;
  const [rows = 0, ...sides] = tensor.shape;
  const [wanted = 0, ...others] = sample.shape;
  const overTokens = isOverTokens(name, reference.architecture) && tensor.shape.length > 0;
  const vocabulary = `vocabulary: ${rows} rows in ${side.name}, ${wanted} in ${reference.name}`;
  if (overTokens && sameShape(sides, others)) return { vocabulary };
  // Another number of tokens, and another width too.
  if (overTokens && rows !== wanted && sides.length === others.length) return { shape: `shape: ${both}`, vocabulary };
  if (TASK_HEAD.test(name)) return { head: `the head of another task: ${both}` };
  const turned = tensor.shape.length === 2 && sameShape([...tensor.shape].reverse(), sample.shape);
  return { shape: `shape: ${both}; perhaps ${turned ? 'stored transposed' : 'not trained from the same base'}` };
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
