import { tensor1d } from '@tensorflow/tfjs-core';
import { streamKey, uniformAt } from '../core/random/counter.ts';
import { defineMethod, type PlacedParameter } from './define.ts';
import { hostRows } from './parts/host-rows.ts';

/** One block of the merged network. */
interface Placed {
  readonly expert: number;
  /** Counted from 0 at the input of the expert. */
  readonly block: number;
  /** Whether an earlier slice had this block already. */
  readonly repeated: boolean;
}

interface Slicing {
  readonly slices: number;
  readonly overlap: number;
}

/**
 * Even slices from input to output, taken from the experts in turn; each but the last goes on for `overlap` blocks, which the next
 * slice begins with again: 2 slices of 40 blocks with an overlap of 4 are [0, 24) + [20, 40).
 */
function sliced({ slices, overlap }: Slicing, blocks: number, experts: number): Placed[] {
  const count = Math.min(slices, blocks);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * blocks) / count);
    const to = Math.min(blocks, Math.floor(((i + 1) * blocks) / count) + (i < count - 1 ? overlap : 0));
    const seen = i === 0 ? 0 : Math.min(blocks, from + overlap);
    return Array.from({ length: to - from }, (_one, k) => {
      const block = from + k;
      return { expert: i % experts, block, repeated: block < seen };
    });
  }).flat();
}

/** As many blocks as the experts have, each from an expert drawn with the probability of its weight. */
function shuffled(weight: readonly number[], seed: number, blocks: number, anyLayer: boolean): Placed[] {
  const [source, layer] = [streamKey(seed, 'source of a block'), streamKey(seed, 'place of a block')];
  const total = weight.reduce((sum, one) => sum + one, 0);
  return Array.from({ length: blocks }, (_, place) => {
    let left = uniformAt(source, place) * total;
    const drawn = weight.findIndex((one) => {
      left -= one;
      return left < 0;
    });
    // Rounding may leave a last hair of the sum.
    const expert = drawn >= 0 ? drawn : weight.findLastIndex((one) => one > 0);
    return { expert, block: anyLayer ? Math.floor(uniformAt(layer, place) * blocks) : place, repeated: false };
  });
}

/** Place of a tensor's block, from its name; −1 before the first block, and for networks without any. */
const blockOf = ({ name }: PlacedParameter): number => Number(/^blocks\.(\d+)\./.exec(name)?.[1] ?? -1);

/** Tensors that a block adds to the residual stream. */
const writesOut = ({ name }: PlacedParameter): boolean => /^blocks\.\d+\.(attn\.proj|mlp\.fc2)\./.test(name);

const countBlocks = (tensors: readonly PlacedParameter[]): number =>
  Math.max(0, ...tensors.map((row) => blockOf(row) + 1));

export default defineMethod({
  id: 'passthrough',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'Passthrough (frankenmerge)',
  family: 'layer',
  formula: String.raw`\theta = \big[\theta_{t_1}^{[a_1,b_1)},\ \theta_{t_2}^{[a_2,b_2)},\ \dots\big],\qquad W_{\text{out}} \leftarrow s\,W_{\text{out}}\ \text{in repeated blocks}`,
  summary: 'Stacks slices of blocks of the experts into one network, which may become deeper; no weights are averaged.',
  helps: 'Showing what depth does: the starting point of depth up-scaling, before training goes on.',
  hurts: 'Nearly everything without further training: blocks get inputs that they never saw.',
  limits:
    'One slice gives the first expert. At s = 0 the repeated blocks do nothing: one expert cut into overlapping slices answers as it did.',
  reference: {
    title: 'mergekit: passthrough',
    authors: 'Arcee AI',
    year: 2023,
    url: 'https://github.com/arcee-ai/mergekit',
  },
  aliases: ['frankenmerge', 'layer stacking', 'depth up-scaling', 'layer shuffle', 'self-merge'],
  facets: ['depth'],
  needs: { base: false, experts: { min: 1 }, seed: true },
  controls: {
    layers: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: 'ℓ',
      name: 'blocks',
      default: 'slices',
      options: [
        { value: 'slices', name: 'even slices', help: 'Slices from input to output, from the experts in turn.' },
        {
          value: 'shuffle',
          name: 'shuffled',
          help: 'Each block from an expert that is drawn at random; the depth stays.',
        },
        { value: 'any', name: 'any block', help: 'The expert and which of its blocks are both drawn at random.' },
      ],
      help: 'How the blocks of the new network are chosen.',
    },
    slices: {
      per: 'method',
      stage: 'combine',
      symbol: 'n',
      name: 'slices',
      min: 1,
      max: 8,
      step: 1,
      default: 2,
      integer: true,
      when: { control: 'layers', is: 'slices' },
      help: 'Into how many slices the depth is cut; more than there are blocks count as one each.',
    },
    overlap: {
      per: 'method',
      stage: 'combine',
      symbol: 'o',
      name: 'overlap',
      min: 0,
      max: 4,
      step: 1,
      default: 1,
      integer: true,
      when: { control: 'layers', is: 'slices' },
      help: 'Blocks that two neighbouring slices share: they come twice, and the network gets deeper.',
    },
    scale: {
      per: 'method',
      stage: 'combine',
      symbol: 's',
      name: 'scale of repeated blocks',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      when: { control: 'layers', is: 'slices' },
      help: 'Scales what a repeated block adds to the residual stream; 0 makes it do nothing.',
    },
    weight: {
      per: 'expert',
      stage: 'combine',
      symbol: 'w',
      name: 'chance',
      min: 0,
      max: 1,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      when: { control: 'layers', is: 'shuffle' },
      help: 'How likely a block comes from this expert, relative to the others; with “any block” all are alike.',
    },
  },
  notes: [
    'Without further training the stacked network is expected to answer worse than its experts: the loss is shown as it is.',
    'Even slices with an overlap stand for mergekit’s free list of slices: they fit networks of any depth.',
    'The embeddings come from the expert of the first block, the final norm from that of the last, as in mergekit’s examples.',
    'mergekit scales the output projections’ matrices; here their biases are scaled too, without which a scale of 0 would still add them.',
    'Shuffling follows mergekit’s layershuffle script with numbers drawn from this recipe’s seed.',
  ],
  result: 'single',
  blocks: ({ layers, slices, overlap }, blocks, experts) =>
    layers === 'slices' ? sliced({ slices, overlap }, blocks, experts).length : blocks,
  prepare: async ({ piece, experts }, _controls, { seed }) => ({
    tensors: piece.tensors,
    values: await hostRows(experts),
    seed,
  }),
  combine: ({ tensors, values, seed }, { layers, slices, overlap, scale, weight }) => {
    const blocks = countBlocks(tensors);
    const chances = layers === 'any' ? values.map(() => 1) : weight;
    const stack =
      layers === 'slices'
        ? sliced({ slices, overlap }, blocks, values.length)
        : shuffled(chances, seed, blocks, layers === 'any');
    const firstBlock = tensors.findIndex((row) => blockOf(row) >= 0);
    const outer = (row: PlacedParameter, expert: number) => part(values[expert], row);
    const before = firstBlock < 0 ? tensors : tensors.slice(0, firstBlock);
    const after = firstBlock < 0 ? [] : tensors.slice(firstBlock).filter((row) => blockOf(row) < 0);
    return tensor1d(
      joined([
        ...before.map((row) => outer(row, stack[0]?.expert ?? 0)),
        ...stack.flatMap(({ expert, block, repeated }) =>
          tensors
            .filter((row) => blockOf(row) === block)
            .map((row) => {
              const own = part(values[expert], row);
              return repeated && scale !== 1 && writesOut(row) ? own.map((value) => scale * value) : own;
            }),
        ),
        ...after.map((row) => outer(row, stack.at(-1)?.expert ?? 0)),
      ]),
    );
  },
  check: ({ layers, weight }) =>
    layers === 'shuffle' && weight.every((one) => one === 0)
      ? 'All chances are 0, so no block can be drawn: raise at least one w.'
      : undefined,
  laws: ['one-expert-gives-expert', 'copies-give-the-copy', 'same-seed-same-result'],
  examples: [
    {
      note: 'without blocks there is nothing to stack: the first expert',
      base: [0, 0],
      experts: [
        [3, 1],
        [1, 5],
      ],
      result: [3, 1],
      tolerance: 0,
    },
  ],
});

function part(values: Float32Array | undefined, { start, length }: PlacedParameter): Float32Array {
  return (values ?? new Float32Array(start + length)).subarray(start, start + length);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const own of parts) {
    out.set(own, at);
    at += own.length;
  }
  return out;
}
