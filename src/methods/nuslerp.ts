import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { arcWeights, cosine, cosineOfProducts } from './parts/arc.ts';
import { g1 } from './parts/g1.ts';
import { hostRow } from './parts/host-rows.ts';
import { stack, weightedSum } from './parts/stack.ts';
import { sum } from './parts/sum.ts';

/** Only where two vectors are parallel up to rounding is there no arc; mergekit asks for 1 − cos² ω ≤ 1e-16. */
const PARALLEL = 1 - 1e-15;
/** A smaller sum of the weights does not divide: t is then ½, as in mergekit. */
const SMALLEST_SUM = 1e-6;

/** Position on the arc, t = w₂ / (w₁ + w₂). */
function positionOf(weight: readonly number[]): number {
  const [, second = 0] = weight;
  const total = sum(weight);
  return Math.abs(total) < SMALLEST_SUM ? 0.5 : second / total;
}

/** How a tensor is cut into vectors: as [rows, columns], with one vector per row or per column. */
function matrixOf(shape: readonly number[], along: 'in' | 'out'): readonly [number, number] {
  const size = shape.reduce((product, side) => product * side, 1);
  const side = (along === 'in' ? shape[shape.length - 1] : shape[0]) ?? 1;
  // A bias is a single vector, whichever way it is read.
  if (shape.length < 2) return along === 'in' ? [1, size] : [size, 1];
  return along === 'in' ? [size / side, side] : [side, size / side];
}

/** Cosines of the rows of two matrices, or of their columns. */
function cosinesOf(a: Float32Array, b: Float32Array, [rows, columns]: readonly [number, number], along: 'in' | 'out') {
  const vectors = along === 'in' ? rows : columns;
  const vector = (x: Float32Array, i: number) =>
    along === 'in'
      ? x.subarray(i * columns, (i + 1) * columns)
      : Float32Array.from({ length: rows }, (_, row) => x[row * columns + i] as number);
  return Float64Array.from({ length: vectors }, (_, i) => cosine(vector(a, i), vector(b, i)));
}

const mergekitForm = {
  method: 'nuslerp',
  perModel: { weight: { control: 'weight' } },
  parameters: {
    // Read backwards the second decides: of a flattened tensor mergekit asks for no direction.
    nuslerp_row_wise: { control: 'vectors', map: { tensor: false, in: false, out: true } },
    nuslerp_flatten: { control: 'vectors', map: { tensor: true, in: false, out: false } },
  },
  reading: { defaults: { nuslerp_flatten: true, nuslerp_row_wise: false } },
} as const;

export default defineMethod({
  id: 'nuslerp',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'NuSLERP',
  family: 'geometry',
  formula: String.raw`\theta = \theta_0 + \frac{\sin((1-t)\,\omega)}{\sin\omega}\,\tau_1 + \frac{\sin(t\,\omega)}{\sin\omega}\,\tau_2,\qquad t = \frac{w_2}{w_1 + w_2},\qquad \cos\omega = \frac{\langle\tau_1,\tau_2\rangle}{\lVert\tau_1\rVert\,\lVert\tau_2\rVert}`,
  summary:
    'Turns the change of one expert into that of the other along an arc, by whole tensors or by their rows or columns.',
  helps:
    'Two experts whose changes are nearly at right angles: half way, their straight average is 30 % shorter than they are.',
  hurts: 'Two experts whose changes oppose each other: the arc then leads far from both.',
  limits: 'w = (1, 0) gives the first expert, w = (0, 1) the second. On whole weights it is SLERP.',
  reference: {
    title: 'mergekit: NuSLERP',
    authors: 'Goddard et al.',
    year: 2024,
    url: 'https://github.com/arcee-ai/mergekit/blob/main/docs/merge_methods.md',
  },
  aliases: ['nu-slerp', 'spherical linear interpolation', 'task vector slerp', 'row-wise slerp'],
  needs: { base: true, experts: { min: 2, max: 2 } },
  controls: {
    weight: {
      per: 'expert',
      stage: 'combine',
      symbol: 'w',
      name: 'weight',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 0.5,
      snaps: [0, 0.5, 1],
      help: 'Only the ratio of the two counts: it says where on the arc.',
    },
    vectors: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'ω',
      name: 'vectors along',
      default: 'tensor',
      options: [
        { value: 'tensor', name: 'whole tensor', help: 'Every tensor is one long vector with one angle.' },
        {
          value: 'in',
          name: 'in',
          help: 'Each row of a matrix, which is the weights of one output, has its own angle.',
        },
        {
          value: 'out',
          name: 'out',
          help: 'Each column of a matrix, which is the weights of one input, has its own angle.',
        },
      ],
      help: 'What is turned as one vector.',
    },
    space: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'θ/τ',
      name: 'what is turned',
      default: 'task-vectors',
      options: [
        {
          value: 'task-vectors',
          name: 'changes only',
          help: 'The changes τ from the base; the result is added to it.',
        },
        { value: 'weights', name: 'whole weights', help: 'The tensors themselves; the base is not used.' },
      ],
      help: 'Fine-tunes of one base are almost parallel as whole weights, but not in what they changed.',
    },
  },
  notes: [
    'mergekit’s code is the reference; its base is optional, here that is the choice “what is turned”.',
    'mergekit’s `nuslerp_row_wise: false` turns vectors along the last axis (the rows of a matrix), `true` the columns; its guide words it the other way round.',
    'Unlike SLERP it follows the arc however flat it is; only parallel vectors are joined on a straight line.',
  ],
  mergekit: [
    { ...mergekitForm, when: { space: 'task-vectors' }, base: 'base' },
    { ...mergekitForm, when: { space: 'weights' } },
  ],
  result: 'single',
  prepare: async ({ piece, base, experts, taskVectors }, { vectors, space }) => {
    const onBase = space === 'task-vectors';
    const [first, second] = onBase ? taskVectors : experts;
    if (!first || !second || experts.length !== 2)
      throw new Error(`NuSLERP joins exactly two experts; ${experts.length} were given.`);
    const [a, b] = [await hostRow(first), await hostRow(second)];
    const rows = stack(onBase ? [base, ...experts] : experts);
    if (vectors === 'tensor') return { rows, onBase, cosines: Float64Array.of(cosine(a, b)), matrix: undefined };
    const shape = matrixOf(piece.tensors[0]?.shape ?? base.shape, vectors);
    return { rows, onBase, cosines: cosinesOf(a, b, shape, vectors), matrix: { shape, along: vectors } };
  },
  combine: ({ rows, onBase, cosines, matrix }, { weight }) => {
    const t = positionOf(weight);
    const factors = Array.from(cosines, (each) => arcWeights(t, each, PARALLEL));
    const rowWeights = factors.map(([a, b]) => (onBase ? [1 - a - b, a, b] : [a, b]));
    const [only] = rowWeights;
    // At an end of the arc all vectors have the same weights, and the expert comes back bit for bit.
    if (only && (!matrix || t === 0 || t === 1)) return weightedSum(rows, only);
    const { shape, along } = matrix ?? { shape: [1, 1], along: 'in' };
    return tf.tidy(() => {
      const parts = tf.unstack(rows.rows).map((row, r) => {
        const scale = rowWeights.map((weights) => weights[r] as number);
        const column = tf.tensor2d(scale, along === 'in' ? [scale.length, 1] : [1, scale.length]);
        return tf.mul(tf.reshape(row, [...shape]), column);
      });
      return tf.reshape(tf.addN(parts), [...rows.shape]);
    });
  },
  weighted: {
    products: ({ vectors, space }) =>
      vectors === 'tensor' ? (space === 'weights' ? 'experts' : 'taskVectors') : undefined,
    factors: ({ weight, space }, products) => {
      const [a, b] = arcWeights(positionOf(weight), cosineOfProducts(products), PARALLEL);
      return [space === 'weights' ? 0 : 1 - a - b, a, b];
    },
  },
  laws: ['one-hot-gives-expert', 'order-of-experts-is-irrelevant', 'copies-give-the-copy'],
  examples: [
    {
      note: 'G1 golden, checked against mergekit',
      ...g1,
      experts: [g1.experts[0], g1.experts[1]],
      controls: { weight: [0.7, 0.3] },
      result: [1.116397, -1.006292, -0.014991, 2.158327, 2.055958, -0.704257, 0.102555, -0.098633],
    },
    {
      note: 'rows: a quarter turn in the first, none in the second',
      shape: [2, 2],
      base: [1, 1, 0, 0],
      experts: [
        [3, 1, 1, 1],
        [1, 3, 3, 3],
      ],
      controls: { vectors: 'in' },
      result: [1 + Math.SQRT2, 1 + Math.SQRT2, 2, 2],
    },
    {
      note: 'columns: both make a quarter turn',
      shape: [2, 2],
      base: [0, 0, 0, 0],
      experts: [
        [2, 0, 0, 2],
        [0, 2, 2, 0],
      ],
      controls: { vectors: 'out' },
      result: [Math.SQRT2, Math.SQRT2, Math.SQRT2, Math.SQRT2],
    },
    {
      note: 'whole weights',
      base: [9, 9],
      experts: [
        [2, 0],
        [0, 2],
      ],
      controls: { space: 'weights' },
      result: [Math.SQRT2, Math.SQRT2],
    },
  ],
});
