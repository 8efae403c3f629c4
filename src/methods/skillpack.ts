import type { PlacedParameter } from './define.ts';
import { defineMethod } from './define.ts';
import { bitsOf, type Code } from './parts/code-size.ts';
import { decodePruned, encodePruned } from './parts/codec-pruned.ts';
import { type BitPlan, decodeSvd, encodeSvd, rankOfEnergy } from './parts/codec-svd.ts';
import { taskSvds } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

const PLANS: Readonly<Record<'16' | '8' | '8-4-2' | '8-3-2', BitPlan>> = {
  '16': [{ share: 1, bits: 16 }],
  '8': [{ share: 1, bits: 8 }],
  // Of 1,000 columns: 20, 180 and 800.
  '8-4-2': [
    { share: 0.02, bits: 8 },
    { share: 0.18, bits: 4 },
    { share: 0.8, bits: 2 },
  ],
  // Of 1,002 columns: 2, 32 and 968.
  '8-3-2': [
    { share: 2 / 1002, bits: 8 },
    { share: 32 / 1002, bits: 3 },
    { share: 968 / 1002, bits: 2 },
  ],
};

const isMatrix = ({ role, shape }: PlacedParameter) => role === 'linear' && shape.length === 2;

/** A change as it is stored, and as it comes back. */
interface Coded {
  readonly code: Code;
  readonly change: Float32Array;
}

export default defineMethod({
  id: 'skillpack',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'SkillPack',
  family: 'pack',
  formula: String.raw`\hat\theta_t = \theta_0 + \textstyle\sum_{j \le k} Q_b(u_j)\, Q_b(\sigma_j v_j)^\top,\qquad \sum_{j \le k}\sigma_j^2 \ge \beta \sum_j \sigma_j^2`,
  summary:
    'Stores of each expert’s change of a weight matrix the strongest directions only, the strongest of them in the most bits.',
  helps: 'Experts whose changes have a low rank, and packs whose size is to be chosen: β and the bits set it.',
  hurts: 'Changes without strong directions: then a single bit per weight holds more for the same size.',
  limits: 'With β = α = 1 and 16 bits each expert comes back, up to rounding; β = 0 leaves the matrices of the base.',
  reference: {
    title: 'Knowledge Grafting of Large Language Models',
    authors: 'Du et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2505.18502',
  },
  aliases: ['GraftLLM', 'SkillPacks', 'modular skill packs', 'truncated SVD compression'],
  facets: ['svd', 'compression'],
  confidence: 'medium',
  needs: { base: true, experts: { min: 1 } },
  controls: {
    beta: {
      per: 'method',
      stage: 'prepare',
      symbol: 'β',
      name: 'energy kept',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.9,
      snaps: [0.5, 0.9, 1],
      help: 'The part of the squared length of a matrix’s change that the kept directions have.',
    },
    plan: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'b',
      name: 'bits',
      default: '8-4-2',
      options: [
        {
          value: '8-4-2',
          name: '8, 4, 2',
          help: 'The first 2 % of the directions in 8 bits, 18 % in 4, the rest in 2.',
        },
        { value: '8-3-2', name: '8, 3, 2', help: 'The first 0.2 % in 8 bits, 3 % in 3, the rest in 2.' },
        { value: '8', name: '8', help: 'All directions in 8 bits.' },
        { value: '16', name: '16', help: 'All directions in 16 bits.' },
      ],
      help: 'Bits per entry of a direction, strongest first.',
    },
    alpha: {
      per: 'method',
      stage: 'prepare',
      symbol: 'α',
      name: 'embeddings kept',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.5,
      snaps: [0.5, 1],
      help: 'The part of the changes of embeddings that is kept, largest first, in full precision.',
    },
  },
  notes: [
    'Entries are rounded to the nearest of equal steps, one scale per direction. The authors use GPTQ, which chooses the rounding by what it does to calibration inputs.',
    'The authors train each expert for its pack and route between packs by the input; here the bundled experts are compressed, and the task is known.',
    'Summaries of the paper differ on which modules are decomposed; as in its repository, the matrices of attention and MLP are. Biases and norms, which are not mentioned, are stored in full.',
    'The defaults of β and α are ours: the repository fixes ranks for a far larger network.',
    'The size is the mean over the experts, whose ranks differ.',
  ],
  result: 'set',
  async prepare(input, { beta, plan, alpha }, context) {
    const { piece, base, taskVectors } = input;
    const [parameter] = piece.tensors;
    const bits = PLANS[plan];
    const whole = async (): Promise<Coded[]> =>
      (await hostRows(taskVectors)).map((change) => ({ code: change, change }));
    const pruned = async (): Promise<Coded[]> =>
      (await hostRows(taskVectors)).map((change) => {
        const code = encodePruned(change, alpha);
        return { code, change: decodePruned(code, change.length) };
      });
    const decomposed = async (): Promise<Coded[]> => {
      const [rows = 0, cols = 0] = base.shape;
      return (await taskSvds(input, context)).map((svd) => {
        const code = encodeSvd(svd, rows, cols, rankOfEnergy(svd.values, beta), bits);
        return { code, change: decodeSvd(code, rows, cols, bits) };
      });
    };
    const make = parameter && isMatrix(parameter) ? decomposed : parameter?.role === 'embedding' ? pruned : whole;
    const coded = await make();
    const rows = stackArrays([await hostRow(base), ...coded.map(({ change }) => change)]);
    const size = coded.reduce((sum, { code }) => sum + bitsOf(code), 0) / coded.length;
    return { rows: { ...rows, shape: base.shape }, experts: coded.length, size };
  },
  combine: ({ rows, experts }, _controls, expert) =>
    weightedSum(rows, [1, ...Array.from({ length: experts }, (_, t) => (t === expert ? 1 : 0))]),
  footprint: ({ size }) => ({ shared: 0, perExpert: size }),
  laws: ['order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'A change of rank one in 16 bits.',
      base: [1, 0, 0, 1],
      experts: [[2, 1, 1, 2]],
      shape: [2, 2],
      controls: { plan: '16' },
      result: [2, 1, 1, 2],
      tolerance: 1e-4,
    },
    {
      note: 'Singular values 2 and 1: the first has 0.8 of the energy.',
      base: [0, 0, 0, 0],
      experts: [[2, 0, 0, 1]],
      shape: [2, 2],
      controls: { plan: '16', beta: 0.8 },
      result: [2, 0, 0, 0],
      tolerance: 1e-4,
    },
    {
      note: 'The only direction has 8 bits; the middle of the last of 256 steps is 1/256 below the end.',
      base: [0, 0, 0, 0],
      experts: [[4, 4, 4, 4]],
      shape: [2, 2],
      controls: { plan: '8-4-2', beta: 1 },
      result: [4, 4, 4, 4],
      tolerance: 0.04,
    },
    { note: 'Vectors are stored in full.', base: [0, 1], experts: [[1, -3]], result: [1, -3], tolerance: 0 },
  ],
});
