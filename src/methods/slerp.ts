import type { Tensor } from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { arcWeights, cosine, cosineOfProducts } from './parts/arc.ts';
import { g1 } from './parts/g1.ts';
import { hostRow } from './parts/host-rows.ts';
import { stack, weightedSum } from './parts/stack.ts';

/** The specification's golden pair: from θ₀ to θ₀ + τ₁ of G1. */
const pair = { shape: g1.shape, base: g1.base, experts: [g1.base, g1.experts[0]] } as const;

function two(tensors: readonly Tensor[]): readonly [Tensor, Tensor] {
  const [a, b] = tensors;
  if (!a || !b || tensors.length !== 2)
    throw new Error(`SLERP joins exactly two experts; ${tensors.length} were given.`);
  return [a, b];
}

async function cosineOf(tensors: readonly Tensor[]): Promise<number> {
  const [a, b] = two(tensors);
  return cosine(await hostRow(a), await hostRow(b));
}

/** θ₀ + aτ₁ + bτ₂ written over [θ₀, θ₁, θ₂], which is exact at both ends. */
function factors(t: number, cosine: number, onBase: boolean): readonly [number, number, number] {
  const [a, b] = arcWeights(t, cosine);
  return [onBase ? 1 - a - b : 0, a, b];
}

export default defineMethod({
  id: 'slerp',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'SLERP',
  family: 'geometry',
  formula: String.raw`\theta = \frac{\sin((1-t)\,\omega)}{\sin\omega}\,\theta_1 + \frac{\sin(t\,\omega)}{\sin\omega}\,\theta_2,\qquad \cos\omega = \frac{\langle\theta_1,\theta_2\rangle}{\lVert\theta_1\rVert\,\lVert\theta_2\rVert}`,
  summary: 'Walks from one expert to the other along an arc instead of a straight line, tensor by tensor.',
  helps:
    'Two networks whose tensors point in clearly different directions: the arc keeps their length, the straight line shortens it.',
  hurts:
    'Little to gain for two fine-tunes of one base: their weights are nearly parallel, and the arc is then the straight line.',
  limits:
    't = 0 gives the first expert, t = 1 the second; nearly parallel tensors (|cos ω| > 0.9995) are averaged linearly.',
  reference: {
    title: 'Animating rotation with quaternion curves',
    authors: 'Shoemake',
    year: 1985,
    url: 'https://doi.org/10.1145/325334.325242',
  },
  aliases: ['spherical linear interpolation', 'spherical'],
  needs: { base: false, experts: { min: 2, max: 2 } },
  controls: {
    t: {
      per: 'method',
      stage: 'combine',
      symbol: 't',
      name: 'position',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 0.5,
      snaps: [0, 0.5, 1],
      help: 'Where on the arc: 0 is the first expert, 1 the second; outside, the arc is followed further.',
    },
    space: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'θ/τ',
      name: 'what is turned',
      default: 'weights',
      options: [
        { value: 'weights', name: 'whole weights', help: 'Turns the tensors themselves, as mergekit does.' },
        {
          value: 'task-vectors',
          name: 'changes only',
          help: 'Turns the changes τ from the base and adds the result to it: fine-tunes differ in direction there.',
        },
      ],
      help: 'Fine-tunes of one base are almost parallel as whole weights, but not in what they changed.',
    },
  },
  notes: [
    'The factors act on the vectors as they are, as in mergekit: lengths are kept only where both are equal.',
    'mergekit’s code is the reference for the thresholds: a straight line above |cos ω| = 0.9995, no direction below a length of 1e-8. It calls one of the two models “base_model”; here both are experts.',
    'Cosines are accumulated in float64, mergekit’s in float32: they agree to about 1e-6.',
  ],
  mergekit: [
    // mergekit calls the end at t = 0 the base model.
    { method: 'slerp', when: { space: 'weights' }, base: 'first', parameters: { t: { control: 't' } }, reading: {} },
    {
      method: 'nuslerp',
      base: 'base',
      perModel: [{ weight: { control: 't', complement: true } }, { weight: { control: 't' } }],
      inexact: [
        {
          say: 'Changes whose directions are nearly the same are joined on a straight line above a cosine of 0.9995; mergekit’s nuslerp does so only where they are parallel.',
        },
      ],
    },
  ],
  result: 'single',
  prepare: async ({ base, experts, taskVectors }, { space }) => {
    two(experts);
    if (space === 'weights') return { rows: stack(experts), cosine: await cosineOf(experts), onBase: false };
    return { rows: stack([base, ...experts]), cosine: await cosineOf(taskVectors), onBase: true };
  },
  combine: ({ rows, cosine, onBase }, { t }) => {
    const [base, a, b] = factors(t, cosine, onBase);
    return weightedSum(rows, onBase ? [base, a, b] : [a, b]);
  },
  weighted: {
    products: ({ space }) => (space === 'weights' ? 'experts' : 'taskVectors'),
    factors: ({ t, space }, products) => factors(t, cosineOfProducts(products), space === 'task-vectors'),
  },
  laws: ['copies-give-the-copy'],
  examples: [
    {
      note: 'G1 golden, checked against mergekit',
      ...pair,
      controls: { t: 0.3 },
      result: [0.87736, 0.410405, -0.914523, 2.198734, 1.758276, -0.642105, 0.337856, 0.578445],
    },
    {
      note: 'a quarter turn',
      base: [0, 0],
      experts: [
        [2, 0],
        [0, 2],
      ],
      result: [Math.SQRT2, Math.SQRT2],
    },
    { note: 'the first end, exactly', ...pair, controls: { t: 0 }, result: g1.base, tolerance: 0 },
    {
      note: 'parallel tensors: a straight line',
      base: [0, 0],
      experts: [
        [1, 1],
        [3, 3],
      ],
      controls: { t: 0.25 },
      result: [1.5, 1.5],
    },
    {
      note: 'a quarter turn of the changes',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 3],
      ],
      controls: { space: 'task-vectors' },
      result: [1 + Math.SQRT2, 1 + Math.SQRT2],
    },
  ],
});
