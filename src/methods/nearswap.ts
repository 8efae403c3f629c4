import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';

/** The specification's golden pair: from θ₀ to θ₀ + τ₁ of G1. */
const pair = { shape: g1.shape, base: g1.base, experts: [g1.base, g1.experts[0]] } as const;

export default defineMethod({
  id: 'nearswap',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'NearSwap',
  family: 'geometry',
  formula: String.raw`\theta = \theta_1 + \operatorname{clip}(\theta_2 - \theta_1,\,-t,\,t)`,
  summary: 'Moves every weight of the first expert towards the second, but by no more than t.',
  helps: 'A second expert of which only the small, wide-spread differences are wanted.',
  hurts: 'Skills that rest on a few large changes: those are cut down to t.',
  limits: 't = 0 gives the first expert, a t above the largest difference the second.',
  reference: {
    title: 'QuartetAnemoi-70B-t0.0001 (model card)',
    authors: 'alchemonaut',
    year: 2024,
    url: 'https://huggingface.co/alchemonaut/QuartetAnemoi-70B-t0.0001',
  },
  aliases: ['near swap', 'clipped task vector', 'clip'],
  needs: { base: false, experts: { min: 2, max: 2 }, order: true },
  controls: {
    t: {
      per: 'method',
      stage: 'combine',
      symbol: 't',
      name: 'largest move',
      min: 0,
      max: 0.1,
      step: 0.001,
      default: 0.01,
      snaps: [0, 0.01],
      help: 'How far a weight may move, in units of the weights themselves.',
    },
  },
  notes: [
    'mergekit writes it as a mean with the share t / |θ₂ − θ₁| of the second model, at most 1: the same as the clip, but for differences below its floor of 1e-6.',
    'There is no default: the model card takes 0.0001 for a network of 70 billion weights; the default here is of the size of the differences between the bundled experts.',
  ],
  mergekit: [{ method: 'nearswap', base: 'first', parameters: { t: { control: 't' } }, reading: {} }],
  result: 'single',
  prepare: ({ experts }) => {
    const [first, second] = experts;
    if (!first || !second || experts.length !== 2)
      throw new Error(`NearSwap joins exactly two experts; ${experts.length} were given.`);
    return { first: tf.clone(first), difference: tf.sub(second, first) };
  },
  combine: ({ first, difference }, { t }) =>
    t === 0 ? tf.clone(first) : tf.tidy(() => tf.add(first, tf.clipByValue(difference, -t, t))),
  laws: ['copies-give-the-copy'],
  examples: [
    {
      // Larger than the slider goes, and what the numbers of G1 are made for.
      note: 'G1 golden, checked against mergekit',
      ...pair,
      controls: { t: 0.5 },
      result: [1, 0.5, -0.5, 2.1, 1.9, -0.8, 0.45, 0.5],
    },
    { note: 'the first expert, exactly', ...pair, controls: { t: 0 }, result: g1.base, tolerance: 0 },
    { note: 'the second expert', ...pair, controls: { t: 2 }, result: g1.experts[0] },
    {
      note: 'the base is not used',
      base: [9, 9, 9],
      experts: [
        [0, 0, 0],
        [0.005, -0.5, 0.5],
      ],
      result: [0.005, -0.01, 0.01],
    },
  ],
});
