/**
 * Recognises checkpoints of the architectures that the studio can run, by the names and shapes of their tensors; docs/own-models.md
 * tells the layouts. What shapes do not tell stands in the file's metadata, or is assumed and said.
 */
import type { Card } from '../card.ts';

export interface Header {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface OwnHead {
  readonly task: string;
  /** Names of its classes, in the order of the head's rows. */
  readonly classes: readonly string[];
  readonly bias: boolean;
}

export interface Layout {
  readonly kind: 'network';
  readonly model: Card['model'];
  readonly heads: readonly OwnHead[];
  /** Numbers of attention heads that the width allows, where nothing tells theirs: `model` has the likeliest. */
  readonly possibleHeads: readonly number[];
  /** What else was assumed, a sentence each. */
  readonly notes: readonly string[];
}

/** A file of heads alone, for networks in other files. */
export interface HeadsOnly {
  readonly kind: 'heads';
  readonly heads: readonly OwnHead[];
}

export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: string;
}

const HEAD = /^heads\.(.+)\.weight$/;
const LAYER = /^layers\.(\d+)\.weight$/;
const BLOCK = /^blocks\.(\d+)\./;
/** Deeper or wider ones do not answer while a slider moves. */
const MAX_LAYERS = 64;
const MAX_CLASSES = 256;
/** Width of an attention head where nothing tells their number. */
const USUAL_HEAD_WIDTH = 32;
const USUAL_LOGIT_SCALE = 16;
/** More features have no network that answers while a slider moves: larger numbers of heads are not looked for. */
const MAX_WIDTH = 16_384;

export function layoutOf(header: Header): Layout | HeadsOnly | Unknown {
  const names = [...header.tensors.keys()];
  const heads = headsOf(header);
  if (typeof heads === 'string') return { kind: 'unknown', reason: heads };
  if (names.some((name) => LAYER.test(name))) return perceptron(header, heads);
  if (header.tensors.has('patch_embed.weight')) return transformer(header, heads);
  if (heads.length > 0 && names.every((name) => name.startsWith('heads.'))) return { kind: 'heads', heads };
  const [first = 'nothing'] = names;
  const reason = `it holds ${first}, which belongs to no network that can be run here: wanted layers.0.weight (perceptron) or patch_embed.weight (vision transformer)`;
  return { kind: 'unknown', reason };
}

const shapeOf = ({ tensors }: Header, name: string): readonly number[] => tensors.get(name)?.shape ?? [];

function headsOf(header: Header): readonly OwnHead[] | string {
  const heads: OwnHead[] = [];
  for (const [name, { shape }] of header.tensors) {
    const task = HEAD.exec(name)?.[1];
    if (task === undefined) continue;
    const [classes = 0] = shape;
    if (shape.length !== 2 || classes < 2 || classes > MAX_CLASSES)
      return `${name} has shape [${shape.join(', ')}], wanted [classes, features] with 2 to ${MAX_CLASSES} classes`;
    heads.push({
      task,
      classes: classNames(header.metadata[`classes.${task}`], classes),
      bias: header.tensors.has(`heads.${task}.bias`),
    });
  }
  return heads;
}

/** A list of names in JSON, or the numbers from 0. */
function classNames(text: string | undefined, count: number): readonly string[] {
  const numbered = Array.from({ length: count }, (_, i) => String(i));
  if (text === undefined) return numbered;
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names) && names.length === count && new Set(names).size === count) return names.map(String);
  } catch {
    // Not JSON: as if nothing was said.
  }
  return numbered;
}

function perceptron(header: Header, heads: readonly OwnHead[]): Layout | Unknown {
  const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason });
  const count = [...header.tensors.keys()].filter((name) => LAYER.test(name)).length;
  if (count > MAX_LAYERS) return unknown(`it has ${count} layers, at most ${MAX_LAYERS} are run`);
  const widths: number[] = [];
  let [, before = 0] = shapeOf(header, 'layers.0.weight');
  const inputs = before;
  for (let index = 0; index < count; index++) {
    const name = `layers.${index}.weight`;
    const shape = shapeOf(header, name);
    const [width = 0] = shape;
    if (shape.length !== 2 || shape[1] !== before || width < 1)
      return unknown(`${name} has shape [${shape.join(', ')}], wanted [width, ${before}]`);
    if (shapeOf(header, `layers.${index}.bias`).join() !== String(width))
      return unknown(`layers.${index}.bias is missing or has not the shape [${width}]`);
    widths.push(width);
    before = width;
  }
  const activation = header.metadata.activation ?? 'relu';
  if (activation !== 'relu' && activation !== 'gelu')
    return unknown(`its metadata say activation “${activation}”, wanted relu or gelu`);
  const classifier = heads.some(({ bias }) => bias) ? 'linear' : (header.metadata.classifier ?? 'linear');
  if (classifier !== 'linear' && classifier !== 'cosine')
    return unknown(`its metadata say classifier “${classifier}”, wanted linear or cosine`);
  const notes = header.metadata.activation === undefined ? ['The activation is assumed to be ReLU.'] : [];
  const model: Card['model'] = {
    architecture: 'mlp',
    inputs,
    widths,
    blocks: count,
    dim: before,
    activation,
    classifier,
    logitScale: classifier === 'cosine' ? logitScale(header, notes) : 1,
  };
  return checkedHeads(header, { kind: 'network', model, heads, possibleHeads: [], notes });
}

function transformer(header: Header, heads: readonly OwnHead[]): Layout | Unknown {
  const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason });
  const embedding = shapeOf(header, 'patch_embed.weight');
  const [dim = 0, pixels = 0] = embedding;
  const patchSize = Math.sqrt(pixels);
  const [tokens = 0] = shapeOf(header, 'pos_embed');
  const across = Math.sqrt(tokens);
  if (embedding.length !== 2 || !Number.isInteger(patchSize) || patchSize < 1)
    return unknown(`patch_embed.weight has shape [${embedding.join(', ')}], wanted [features, patch × patch]`);
  if (!Number.isInteger(across) || across < 1)
    return unknown(`pos_embed has ${tokens} rows, wanted a square number without a class token`);
  const blocks = new Set([...header.tensors.keys()].flatMap((name) => BLOCK.exec(name)?.[1] ?? [])).size;
  const [hidden = 0] = shapeOf(header, 'blocks.0.mlp.fc1.weight');
  const notes: string[] = [];
  const told = header.metadata.attention_heads;
  const possibleHeads = told === undefined ? divisorsOf(dim) : [];
  const attention = told === undefined ? nearest(possibleHeads, dim / USUAL_HEAD_WIDTH) : Number(told);
  if (!Number.isInteger(attention) || attention < 1 || dim % attention !== 0)
    return unknown(`${attention} attention heads do not divide ${dim} features; metadata: attention_heads`);
  const model: Card['model'] = {
    architecture: 'vit',
    imageSize: patchSize * across,
    patchSize,
    dim,
    blocks,
    heads: attention,
    hidden,
    logitScale: logitScale(header, notes),
  };
  if (heads.some(({ bias }) => bias)) return unknown('its heads have a bias; those of a transformer here are cosines');
  return checkedHeads(header, { kind: 'network', model, heads, possibleHeads, notes });
}

const divisorsOf = (dim: number): readonly number[] =>
  Array.from({ length: Math.min(dim, MAX_WIDTH) }, (_, i) => i + 1).filter((count) => dim % count === 0);

/** In proportion: one head of 16 features is as far from 32 as one of 64. */
const nearest = (possible: readonly number[], wanted: number): number =>
  possible.reduce((best, each) => (far(each, wanted) < far(best, wanted) ? each : best), 1);
const far = (a: number, b: number): number => Math.abs(Math.log(a / b));

/** The network with this number of attention heads where its file does not tell. @throws RangeError where it cannot have so many */
export function withAttentionHeads(layout: Layout, count: number | null): Layout {
  const { model, possibleHeads } = layout;
  if (count === null || possibleHeads.length === 0 || model.architecture !== 'vit') return layout;
  if (!possibleHeads.includes(count))
    throw new RangeError(
      `${count} attention heads do not divide ${model.dim} features; possible are ${possibleHeads.join(', ')}`,
    );
  return { ...layout, model: { ...model, heads: count } };
}

function logitScale({ metadata }: Header, notes: string[]): number {
  const scale = Number(metadata.logit_scale ?? Number.NaN);
  if (Number.isFinite(scale) && scale > 0) return scale;
  notes.push(`The scale of the logits is assumed to be ${USUAL_LOGIT_SCALE}; it changes losses, never answers.`);
  return USUAL_LOGIT_SCALE;
}

function checkedHeads(header: Header, layout: Layout): Layout | Unknown {
  const { dim } = layout.model;
  const bad = layout.heads.find(({ task }) => shapeOf(header, `heads.${task}.weight`)[1] !== dim);
  if (!bad) return layout;
  const reason = `heads.${bad.task}.weight reads ${shapeOf(header, `heads.${bad.task}.weight`)[1]} features, the network has ${dim}`;
  return { kind: 'unknown', reason };
}

/** The same network, whoever says how to read its head. */
export const sameModel = (a: Card['model'], b: Card['model']): boolean => JSON.stringify(a) === JSON.stringify(b);
