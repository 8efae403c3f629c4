import { defineMethod } from './define.ts';
import { compose, countForShare, firstOf, isSpectral, numericalRank, taskSvds } from './parts/factor.ts';
import { stack, stackOnBase, weightedSum } from './parts/stack.ts';

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

export default defineMethod({
  id: 'star',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'STAR',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \frac1T \sum_t c_t \sum_{j \le k_t} \sigma'_{t,j}\,u_{t,j} v_{t,j}^\top,\qquad \sigma'_{t,j} = \sigma_{t,j}\,\frac{\sum_i \sigma_{t,i}}{\sum_{i \le k_t} \sigma_{t,i}},\qquad k_t = \min\Bigl\{k : \sum_{i \le k} \sigma_{t,i} \ge \eta \sum_i \sigma_{t,i}\Bigr\}`,
  summary:
    'Cuts the weak directions of each expert’s change, strengthens the others to make up for it, and averages the experts.',
  helps: 'Many experts: noise in weak directions no longer adds up, and each change keeps its total strength.',
  hurts: 'Few experts, and skills that live in weak directions.',
  limits: 'η = 100 % is weight averaging; η = 0 keeps one direction per matrix, with the strength of all.',
  reference: {
    title: 'STAR: Spectral Truncation and Rescale for Model Merging',
    authors: 'Lee et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.10339',
  },
  aliases: ['spectral truncation and rescale'],
  facets: ['svd'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    c: {
      per: 'expert',
      stage: 'combine',
      symbol: 'c',
      name: 'weight',
      min: 0,
      max: 8,
      step: 0.1,
      default: 1,
      snaps: [0, 1],
      help: 'This expert’s say in the average; at T (the number of experts) its change is added in full.',
    },
    eta: {
      per: 'method',
      stage: 'prepare',
      symbol: 'η',
      name: 'share kept, %',
      min: 0,
      max: 100,
      step: 1,
      default: 40,
      snaps: [40, 100],
      help: 'The strongest directions stay that together hold this share of the sum of all singular values.',
    },
  },
  notes: [
    'Biases, norms and embeddings (the patch embedding too) are averaged without a cut; the authors’ experts have none, since they are adapters.',
    'The authors’ “known rank” serves low-rank adapters: here directions below one millionth of the largest are not counted.',
    'The weights c are an addition of this studio; at 1 the method is the paper’s average.',
  ],
  result: 'single',
  async prepare(input, { eta }, context) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter)) return stack([input.base, ...input.taskVectors]);
    const [rows = 0, cols = 0] = parameter.shape;
    const svds = await taskSvds(input, context);
    const changes = svds.map((svd) => {
      const all = firstOf(svd, numericalRank(svd.values));
      const { left, values, right } = firstOf(all, countForShare(all.values, eta / 100, 1));
      const factor = total(all.values) / total(values);
      return compose(
        left,
        values.map((value) => value * factor),
        right,
        rows,
        cols,
      );
    });
    return stackOnBase(input.base, changes);
  },
  combine: (rows, { c }) => weightedSum(rows, [1, ...c.map((each) => each / c.length)]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'Singular values 3 and 1: at 40 % the first alone is kept and gets the strength of both.',
      base: [1, 0, 0, 1],
      experts: [[4, 0, 0, 2]],
      shape: [2, 2],
      result: [5, 0, 0, 1],
    },
    {
      note: 'At 76 % both are kept, and half of two experts is taken.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 1],
        [0, 0, 0, 2],
      ],
      shape: [2, 2],
      controls: { eta: 76 },
      result: [1.5, 0, 0, 1.5],
    },
    {
      note: 'A wide matrix; weights scale the changes after the cut.',
      base: [0, 0, 0, 0, 0, 0],
      experts: [
        [0, 0, 4, 0, 0, 0],
        [0, 3, 0, 1, 0, 0],
      ],
      shape: [2, 3],
      controls: { c: [1, 0.5], eta: 40 },
      result: [0, 1, 2, 0, 0, 0],
    },
    {
      note: 'Vectors are averaged.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { eta: 0 },
      result: [2, 3],
    },
  ],
});
