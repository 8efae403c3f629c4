import type { Parameter } from '../models/parameter.ts';
import { defineMethod } from './define.ts';
import { type ContextKind, contextMatrix, inContext } from './parts/codec-seeds.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { type Shuffle, slotsOf } from './parts/layer-slots.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

const isMatrix = ({ role, shape }: Parameter) => role === 'linear' && shape.length === 2;

const FLOAT_BITS = 32;
/** A seed for each expert: everything random follows from it. */
const SEED_BITS = 32;

export default defineMethod({
  id: 'randes',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'RanDeS',
  family: 'pack',
  formula: String.raw`\hat\theta_t = \theta_0 + \lambda\, S M_t^\top,\qquad S = \textstyle\sum_i (\theta_i - \theta_0)\, M_i,\quad M_t M_t^\top = I`,
  summary:
    'Adds the experts’ changes, each turned by its own random matrix; turning back finds one of them again, under the noise of the others.',
  helps: 'Very many experts in the room of one: beside the sum only a seed is stored for each.',
  hurts: 'Strong changes: the others’ come back as noise as large as themselves, more with every expert.',
  limits:
    'λ = 0 gives the base. One expert at λ = 1 comes back as it was. Without turning it is Task Arithmetic for every task.',
  reference: {
    title: 'RanDeS: Randomized Delta Superposition for Multi-Model Compression',
    authors: 'Zhou et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2505.11204',
  },
  aliases: ['randomized delta superposition', 'superposition'],
  facets: ['compression', 'depth'],
  needs: { base: true, experts: { min: 1 }, seed: true },
  controls: {
    lambda: {
      per: 'method',
      stage: 'combine',
      symbol: 'λ',
      name: 'strength',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 0.5,
      snaps: [0, 0.5, 1],
      help: 'How much of what was found again is added to the base.',
    },
    mode: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'M',
      name: 'random matrices',
      default: 'signs',
      options: [
        { value: 'signs', name: 'signs', help: 'Each input of a weight matrix keeps or changes its sign.' },
        { value: 'rotation', name: 'rotations', help: 'The inputs of a weight matrix are turned at random.' },
        { value: 'identity', name: 'none', help: 'Nothing is turned: every task gets the sum of all changes.' },
      ],
      help: 'What each expert’s changes are turned by before they are added.',
    },
    shuffle: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'π',
      name: 'layers',
      default: 'none',
      options: [
        { value: 'none', name: 'in place', help: 'Each matrix is added to the same matrix of the others.' },
        { value: 'shift', name: 'shifted', help: 'Expert after expert is moved one block further before adding.' },
        { value: 'random', name: 'shuffled', help: 'Each expert’s blocks are put in a random order before adding.' },
      ],
      help: 'Which blocks are added to which: changes of other blocks are less alike.',
    },
    every: {
      per: 'method',
      stage: 'prepare',
      symbol: 'N',
      name: 'every N-th matrix',
      min: 1,
      max: 4,
      step: 1,
      default: 1,
      integer: true,
      snaps: [1],
      help: 'Only every N-th matrix is turned and shuffled; the others are added as they are.',
    },
  },
  notes: [
    'The official code draws its matrices from Python’s hash of the layer’s name, which differs between processes; here they follow from the recipe’s seed, the expert’s place and the matrix.',
    'The paper also tries Gaussian matrices with a pseudo-inverse; they are left out.',
    'Biases, norms and embeddings are summed once and shared by all tasks, as in the official code. λ = 0.5 is its default.',
  ],
  result: 'set',
  async prepare({ piece, base, taskVectors }, { mode, shuffle, every }, { seed }) {
    const changes = await hostRows(taskVectors);
    let counted = 0;
    const turned = piece.tensors.map((tensor) => isMatrix(tensor) && ++counted % every === 0);
    const targets = piece.tensors.filter((_, i) => turned[i]);
    const plain = piece.tensors.filter((_, i) => !turned[i]);
    const slots = changes.map((_, expert) => slotsOf(targets, shuffle as Shuffle, expert, seed));
    const context = (expert: number, slot: number) => {
      const { start, shape } = targets[slot] as (typeof targets)[number];
      return contextMatrix(mode as ContextKind, { seed, expert, start: piece.start + start }, shape[1] as number);
    };
    const sum = new Float64Array(piece.length);
    const add = (at: number, values: ArrayLike<number>) => {
      for (let i = 0; i < values.length; i++) sum[at + i] = (sum[at + i] as number) + (values[i] as number);
    };
    for (const [expert, change] of changes.entries()) {
      for (const { start, length } of plain) add(start, change.subarray(start, start + length));
      for (const [place, { start, length, shape }] of targets.entries()) {
        const slot = slots[expert]?.[place] as number;
        const own = change.subarray(start, start + length);
        add(
          (targets[slot] as (typeof targets)[number]).start,
          inContext(own, context(expert, slot), shape[1] as number, 'into'),
        );
      }
    }
    // What is stored is in float32.
    const stored = Float32Array.from(sum);
    const found = changes.map((_, expert) => {
      const out = stored.slice();
      for (const [place, { start, shape }] of targets.entries()) {
        const slot = slots[expert]?.[place] as number;
        const { start: from, length } = targets[slot] as (typeof targets)[number];
        const own = stored.subarray(from, from + length);
        out.set(inContext(own, context(expert, slot), shape[1] as number, 'back'), start);
      }
      return out;
    });
    const rows = stackArrays([await hostRow(base), ...found]);
    return {
      rows: { ...rows, shape: base.shape },
      experts: changes.length,
      length: piece.length,
      seeded: mode !== 'identity' || shuffle === 'random',
    };
  },
  combine: ({ rows, experts }, { lambda }, expert) =>
    weightedSum(rows, [1, ...Array.from({ length: experts }, (_, t) => (t === expert ? lambda : 0))]),
  footprint: ({ length, seeded }) => ({ shared: FLOAT_BITS * length, perExpert: seeded ? SEED_BITS : 0 }),
  laws: ['zero-gives-base', 'scales-with-task-vectors', 'linear-in-coefficients', 'same-seed-same-result'],
  examples: [
    {
      note: 'One expert at λ = 1 comes back.',
      base: [0, 1, 0, 1],
      experts: [[1, 2, 3, 4]],
      shape: [2, 2],
      controls: { lambda: 1 },
      result: [1, 2, 3, 4],
    },
    {
      note: 'Without turning: Task Arithmetic for every task.',
      base: [0, 1, 0, 1],
      experts: [
        [1, 1, 0, 1],
        [0, 1, 2, 2],
      ],
      shape: [2, 2],
      controls: { mode: 'identity' },
      result: [0.5, 1, 1, 1.5, 0.5, 1, 1, 1.5],
    },
    {
      note: 'Vectors are summed and shared.',
      base: [0, 1],
      experts: [
        [1, 1],
        [0, 3],
      ],
      controls: { lambda: 1 },
      result: [1, 3, 1, 3],
    },
  ],
});
