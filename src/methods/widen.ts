import { defineMethod, type PlacedParameter } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

/** Differences of cosines below this are rounding: the column did not turn. */
const ROUNDING = 1e-14;

// In the loops below every index is in range by construction; `as number` only says so to the compiler.

/** Where the vectors of a matrix lie: vector j has entries j · step + i · stride, i < size. */
interface Vectors {
  readonly count: number;
  readonly size: number;
  readonly step: number;
  readonly stride: number;
}

/** Input columns of a matrix [out, in]; the rows of an embedding, one per token. */
function vectorsOf({ shape, role }: PlacedParameter): Vectors | undefined {
  if (shape.length < 2) return undefined;
  const [rows = 1, ...rest] = shape;
  const columns = rest.reduce((product, side) => product * side, 1);
  return role === 'embedding'
    ? { count: rows, size: columns, step: columns, stride: 1 }
    : { count: columns, size: rows, step: 1, stride: columns };
}

/** How far each vector's length and direction lie from the base's: |‖w‖ − ‖w₀‖| and 1 − cos. */
function divergences(base: Float32Array, expert: Float32Array, { count, size, step, stride }: Vectors) {
  const lengths = new Float64Array(count);
  const directions = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    let [dot, squares, squares0] = [0, 0, 0];
    for (let i = 0, at = j * step; i < size; i++, at += stride) {
      const [x, x0] = [expert[at] as number, base[at] as number];
      dot += x * x0;
      squares += x * x;
      squares0 += x0 * x0;
    }
    const [length, length0] = [Math.sqrt(squares), Math.sqrt(squares0)];
    lengths[j] = Math.abs(length - length0);
    // A column of zeros has no direction: it turned if the other one has.
    const turned = length * length0 > 0 ? 1 - dot / (length * length0) : length + length0 > 0 ? 1 : 0;
    directions[j] = turned < ROUNDING ? 0 : turned;
  }
  return { lengths, directions };
}

/** Ascending places 0 … n − 1, divided by n; of equal values the first is lower. */
function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, j) => j).sort(
    (a, b) => (values[a] as number) - (values[b] as number) || a - b,
  );
  const out = new Float64Array(values.length);
  order.forEach((j, place) => {
    out[j] = place / values.length;
  });
  return out;
}

/**
 * The softmax over experts of their significance, and `calibrated` instead wherever an expert's significance is above `ratio`
 * times its own mean.
 * @param significance by expert, one entry per vector (or weight)
 */
function scores(significance: readonly Float64Array[], ratio: number, calibrated: number): Float64Array[] {
  const limits = significance.map((own) => (ratio * own.reduce((sum, value) => sum + value, 0)) / own.length);
  const out = significance.map((own) => own.map(Math.exp));
  const length = out[0]?.length ?? 0;
  for (let j = 0; j < length; j++) {
    const total = out.reduce((sum, own) => sum + (own[j] as number), 0);
    out.forEach((own, t) => {
      const stands = ((significance[t] as Float64Array)[j] as number) > (limits[t] as number);
      own[j] = stands ? calibrated : (own[j] as number) / total;
    });
  }
  return out;
}

/** τ ⊙ the scores of its vectors. */
function scaled(change: Float32Array, own: Float64Array, vectors: Vectors | undefined): Float32Array {
  if (!vectors) return change.map((value, i) => value * (own[i] as number));
  const { count, size, step, stride } = vectors;
  const out = new Float32Array(change.length);
  for (let j = 0; j < count; j++) {
    for (let i = 0, at = j * step; i < size; i++, at += stride) out[at] = (change[at] as number) * (own[j] as number);
  }
  return out;
}

export default defineMethod({
  id: 'widen',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'WIDEN',
  family: 'average',
  formula: String.raw`W = W_0 + \sum_t \lambda_t\,\tau_t \operatorname{diag}(w_t),\qquad w_t = \tfrac12\bigl(S(R^m_t) + S(R^D_t)\bigr),\qquad S(R)_{t,j} = \begin{cases} s & R_{t,j} > \rho\,\overline{R_t} \\ \operatorname{softmax}_t R_{t,j} & \text{else} \end{cases}`,
  summary:
    'Weighs every input column of every expert by how much it changed in length and in direction, in ranks within that expert.',
  helps: 'Experts whose changes differ greatly in size: ranks do not see the size, so the small one is not drowned.',
  hurts:
    'Many experts: about half of each one’s columns count in full, and their sum grows with the number of experts.',
  limits:
    'λ = 0 gives the base; one expert with λ = s = 1 is that expert. A small ρ with s = 1 is the sum of all changes.',
  reference: {
    title: 'Extend Model Merging from Fine-Tuned to Pre-Trained Large Language Models via Weight Disentanglement',
    authors: 'Yu et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2408.03092',
  },
  aliases: ['weight disentanglement', 'column ranks'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 0.3,
      snaps: [0, 1],
      help: 'How much of this expert’s weighed change is added; the paper, which merges two models, has 1 for both.',
    },
    score: {
      per: 'method',
      stage: 'prepare',
      symbol: 's',
      name: 'score of what stands out',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'The weight of columns above the threshold; the others share 1 among the experts.',
    },
    ratio: {
      per: 'method',
      stage: 'prepare',
      symbol: 'ρ',
      name: 'threshold',
      min: 0.5,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [1],
      help: 'A column stands out when its rank is above ρ times the expert’s mean rank; at 2 none does.',
    },
  },
  notes: [
    'Embeddings are read by rows, so that a token is a column of the paper; here the patch embedding is read so, too.',
    'Biases and norms have no columns: the size of each change takes the place of the rank, as in the authors’ code.',
    'λ is an addition of this studio, at 1 the paper’s merge of two models. About half of every expert’s columns count in full: with many experts λ = 1 sums too much, so the default is the one of Task Arithmetic.',
  ],
  result: 'single',
  prepare: async ({ piece, base, experts, taskVectors }, { score, ratio }, context) => {
    const start = await hostRow(base);
    const changes = await hostRows(taskVectors);
    const [tensor] = piece.tensors;
    const vectors = tensor && vectorsOf(tensor);
    if (!vectors) {
      const sizes = changes.map((change) => Float64Array.from(change, Math.abs));
      const weights = scores(sizes, ratio, score);
      const rows = changes.map((change, t) => scaled(change, weights[t] as Float64Array, undefined));
      return { ...stackArrays([start, ...rows]), shape: base.shape };
    }
    const values = await hostRows(experts);
    const ranked = await context.cache('ranks of the columns’ change in length and direction', () => {
      const all = values.map((expert) => divergences(start, expert, vectors));
      return {
        lengths: all.map(({ lengths }) => ranks(lengths)),
        directions: all.map((each) => ranks(each.directions)),
      };
    });
    const byLength = scores(ranked.lengths, ratio, score);
    const byDirection = scores(ranked.directions, ratio, score);
    const rows = changes.map((change, t) => {
      const other = byDirection[t] as Float64Array;
      const weights = (byLength[t] as Float64Array).map((value, j) => (value + (other[j] as number)) / 2);
      return scaled(change, weights, vectors);
    });
    return { ...stackArrays([start, ...rows]), shape: base.shape };
  },
  combine: (stacked, { lambda }) => weightedSum(stacked, [1, ...lambda]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1 golden, checked against the authors’ code',
      ...g1,
      experts: [g1.experts[0], g1.experts[1]],
      controls: { lambda: [1, 1] },
      result: [0.828368, -1.377541, 0.377541, 2.165863, 2.256217, -0.606631, -0.163262, 0.06259],
    },
    {
      note: 'a bias: the larger change of each expert counts in full, the other by the softmax of its size',
      base: [0, 0],
      experts: [
        [3, 0],
        [0, 1],
      ],
      controls: { lambda: [1, 1] },
      result: [3, 1],
    },
  ],
});
