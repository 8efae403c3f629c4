/** Where a tensor stands in its network and what it is, for curves over depth, filters and methods that treat layers differently. */
import { type Architecture, blocksIn, headNameOf } from './architecture.ts';
import { ARCHITECTURES } from './architecture-table.ts';
import type { JobTensor } from './job.ts';
import { numberIn } from './name-pattern.ts';

export type TensorPlace = Pick<JobTensor, 'depth' | 'role' | 'group'>;

/** What turns the input into features, in front of the blocks. */
const START =
  /(^|\.)(wte|wpe|shared|\w*embed|\w*embeddings?|embed_\w+|embedder|pos_embed\w*|cls_token|class_token|mask_token|reg(ister)?_tokens?|patch_\w+|stem|conv_in|conv1|conv2|bn1|time_embed\w*|add_embedding|ln_pre|pre_layrnorm)(\.|$)/;
const NORM = /norm|layrnorm|^ln_|_ln$|^ln\d?$|^bn\d*$/i;
const ATTENTION = /attn|attention/i;
const MLP = /^(mlp|mlps|ff|ffn|feed_?forward|DenseReluDense|fc\d*|intermediate|experts|block_sparse_moe)$/i;

/**
 * Depth counts blocks: what stands before them is at 0, block ℓ of L at ℓ/(L−1), what follows at 1. Groups: what is neither
 * attention nor norm nor on the way in or out over the vocabulary counts as MLP (convolutions and task heads among them).
 */
export function placeOf(name: string, shape: readonly number[], architecture: Architecture): TensorPlace {
  const parts = name.split('.');
  const block = blockOf(name, architecture.towers);
  const overVocabulary = block === undefined && isHead(name, architecture);
  const starts = block === undefined && !overVocabulary && START.test(name);
  const role = roleOf(parts, shape, starts, architecture);
  const depth = block ?? (starts ? 0 : afterSection(name, architecture.towers));
  if (role === 'norm') return { depth, role, group: 'norm' };
  return { depth, role, group: starts || overVocabulary ? 'embedding' : groupOf(parts) };
}

function isHead(name: string, architecture: Architecture): boolean {
  const head = headNameOf(architecture);
  if (head === null) return false;
  const stem = head.replace(/\.weight$/, '');
  return name === head || name === `${stem}.bias` || name.endsWith(`.${head}`);
}

/** Of the section with the longest pattern that the name has; undefined outside of the blocks. */
function blockOf(name: string, towers: Architecture['towers']): number | undefined {
  let found: { readonly length: number; readonly depth: number } | undefined;
  for (const tower of towers) {
    let before = 0;
    for (const { pattern, blocks } of tower) {
      const number = pattern.length > (found?.length ?? 0) ? numberIn(name, pattern) : undefined;
      if (number !== undefined)
        found = { length: pattern.length, depth: depthAt(before + rankOf(number, blocks), blocksIn(tower)) };
      before += blocks.length;
    }
  }
  return found?.depth;
}

const depthAt = (block: number, blocks: number): number => (blocks > 1 ? Math.min(1, block / (blocks - 1)) : 0);

/** Of a number that is missing among the blocks, the place where it would stand. */
function rankOf(number: number, blocks: readonly number[]): number {
  // Numbers are nearly always 0, 1, 2 …
  if (blocks[number] === number) return number;
  const at = blocks.findIndex((one) => one >= number);
  return at < 0 ? blocks.length - 1 : at;
}

/** 1, but the final norm of an encoder in front of a decoder stands where the encoder ends. */
function afterSection(name: string, towers: Architecture['towers']): number {
  for (const tower of towers) {
    let before = 0;
    for (const { pattern, blocks } of tower.slice(0, -1)) {
      before += blocks.length;
      // `encoder` of `encoder.layers.#`
      const beside = pattern.split('.').slice(0, -2).join('.');
      if (beside !== '' && numberIn(name, beside) !== undefined) return depthAt(before - 1, blocksIn(tower));
    }
  }
  return 1;
}

function roleOf(
  parts: readonly string[],
  shape: readonly number[],
  starts: boolean,
  { id }: Architecture,
): TensorPlace['role'] {
  const last = parts.at(-1) ?? '';
  const module = parts.at(-2) ?? '';
  const norms = ARCHITECTURES.find((row) => row.id === id)?.norms ?? [];
  const tail = parts.slice(-3, -1).join('.');
  if (NORM.test(module) || /^running_(mean|var)$/.test(last) || norms.some((end) => tail === end)) return 'norm';
  // Vectors that are not called a norm but scale what passes are norms: layer scale, LDM's group norms.
  if (last === 'weight' && shape.length === 1) return 'norm';
  if (/bias$/.test(last)) return starts && shape.length > 1 ? 'embedding' : 'bias';
  if (starts) return 'embedding';
  if (shape.length < 2) return NORM.test(last) ? 'norm' : 'bias';
  return 'linear';
}

/** The last part of the name that says attention or MLP decides. */
function groupOf(parts: readonly string[]): 'attention' | 'mlp' {
  for (const part of [...parts].reverse()) {
    if (MLP.test(part)) return 'mlp';
    if (ATTENTION.test(part)) return 'attention';
  }
  return 'mlp';
}
