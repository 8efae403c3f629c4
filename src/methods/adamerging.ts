import * as tf from '@tensorflow/tfjs-core';
import type { Calibration, Network } from './context.ts';
import { defineMethod, type PlacedParameter } from './define.ts';
import { batchDrawer, rowsOf } from './parts/batches.ts';
import { coefficientsOf, foldAndClamp, summarise } from './parts/clamped-coefficients.ts';
import { type Trajectory, trainCoefficients } from './parts/coefficient-trainer.ts';
import { hostRows } from './parts/host-rows.ts';
import { type Stack, stack } from './parts/stack.ts';
import { projectPerTensor, weightedSumPerTensor } from './parts/tensorwise.ts';

/** Images per task and step, as in the official code (which takes two such batches per step). */
const BATCH = 16;
/** Length of the trajectory; at the default rate later steps fit the batches rather than the tasks. */
const STEPS = 50;

interface Prepared {
  /** θ₀, θ₁ … θ_T, flat. */
  readonly rows: Stack;
  readonly tensors: readonly PlacedParameter[];
  readonly tasks: readonly string[];
  /** Λ after 0 … STEPS steps, [tensors, tasks] or [tasks]; not clamped. */
  readonly states: readonly Float64Array[];
  /** Mean over tasks of the predictions' entropy (nats) on each step's batch. */
  readonly entropy: readonly number[];
}

function mergedAt(rows: Stack, tensors: readonly PlacedParameter[], state: Float64Array): tf.Tensor1D {
  const weights = coefficientsOf(state, tensors.length, rows.rows.shape[0] - 1).map((row) => [
    1 - row.reduce((total, value) => total + value, 0),
    ...row,
  ]);
  return weightedSumPerTensor(rows, tensors, weights);
}

/** Mean over images of H(softmax(logits)) = −Σ_c p_c log p_c, in nats. */
function meanEntropy(logits: tf.Tensor2D): tf.Tensor {
  const logs = tf.logSoftmax(logits);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.exp(logs), logs), 1)));
}

interface Setting {
  readonly rows: Stack;
  readonly tensors: readonly PlacedParameter[];
  readonly vectors: readonly Float32Array[];
  readonly network: Network;
  readonly calibration: Calibration;
  readonly split: 'calibration' | 'test';
  readonly seed: number;
}

/** L(Λ) = Σ_t mean entropy of task t on its next batch, and ∂L/∂Λ by one backward pass through the merged network. */
function entropyOf({ rows, tensors, vectors, network, calibration, split, seed }: Setting) {
  const sources = network.tasks.map((task) => {
    const images = calibration.inputs(task, split);
    return { task, images, draw: batchDrawer(images.shape[0], BATCH, seed, `adamerging/${split}/${task}`) };
  });
  return async (state: Float64Array) => {
    const batches = sources.map(({ task, images, draw }) => ({ task, images: rowsOf(images, draw()) }));
    const weights = mergedAt(rows, tensors, state);
    const { value, gradient } = await network.gradient(weights, batches, (logits) => tf.addN(logits.map(meanEntropy)));
    tf.dispose([weights, batches.map(({ images }) => images)]);
    return { loss: value, gradient: foldAndClamp(projectPerTensor(gradient, tensors, vectors), state) };
  };
}

export default defineMethod({
  id: 'adamerging',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'AdaMerging',
  family: 'trained',
  formula: String.raw`\theta^l = \theta_0^l + \sum_t \lambda_t^l\,(\theta_t^l - \theta_0^l),\qquad \lambda = \arg\min_{\lambda \in [0,1]} \sum_t \mathbb{E}_{x \sim t}\, H\bigl(p_\theta(\cdot \mid x)\bigr)`,
  summary:
    'Learns the coefficients: a short training makes the merged network’s own predictions more decided, without any labels.',
  helps: 'Many experts, when one shared λ is a poor compromise and some unlabelled images of every task are at hand.',
  hurts: 'Long training: predictions keep getting more decided after they have stopped getting better.',
  limits: 'Step 0 is Task Arithmetic with every λ at its start value.',
  reference: {
    title: 'AdaMerging: Adaptive Model Merging for Multi-Task Learning',
    authors: 'Yang et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2310.02575',
  },
  aliases: ['adaptive merging', 'entropy minimisation'],
  needs: { base: true, experts: { min: 1 }, data: 'inputs', gradients: true, seed: true },
  controls: {
    step: {
      per: 'method',
      stage: 'combine',
      symbol: 'k',
      name: 'training step',
      min: 0,
      max: STEPS,
      step: 1,
      default: STEPS,
      integer: true,
      snaps: [0, STEPS],
      help: 'How far the training is followed; 0 is where it starts.',
    },
    granularity: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'l',
      name: 'coefficients',
      default: 'layer',
      options: [
        {
          value: 'layer',
          name: 'per tensor',
          help: 'Every weight matrix, bias and norm has its own λ for each expert.',
        },
        { value: 'task', name: 'per expert', help: 'One λ for each expert.' },
      ],
      help: 'How many coefficients are learned.',
    },
    initial: {
      per: 'method',
      stage: 'prepare',
      symbol: 'λ₀',
      name: 'start',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.3,
      snaps: [0.3],
      help: 'The value that every λ starts from.',
    },
    rate: {
      per: 'method',
      stage: 'prepare',
      symbol: 'η',
      name: 'learning rate',
      min: 0.001,
      max: 0.05,
      step: 0.001,
      default: 0.01,
      snaps: [0.001, 0.01],
      help: 'How far one step may move a λ. The paper takes 0.001 and ten times as many steps.',
    },
    inputs: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'x',
      name: 'images',
      default: 'calibration',
      options: [
        {
          value: 'calibration',
          name: 'held out',
          help: 'Calibration images, which no accuracy on this page is measured on.',
        },
        {
          value: 'test',
          name: 'test images (as in the paper)',
          help: 'Transductive: learns from the very images that are then scored, without their labels.',
        },
      ],
      help: 'Which unlabelled images the training sees.',
    },
  },
  notes: [
    'Adam with 16 images per task and step; the official code takes two such batches per step, a learning rate of 0.001 and 500 steps. Here 50 steps at 0.01 cover the same distance.',
    'As in the official code a λ is clamped to 0…1 where it is used, and gets no gradient while it is outside.',
    'The coefficients shown per expert are means over all tensors, each counted by its number of weights.',
    'Needs cosine classifiers, as in CLIP and in this zoo: with plain linear heads the training only inflates the logits.',
    'AdaMerging++ (task vectors trimmed and sign-elected first) is not included.',
  ],
  result: 'single',
  async prepare({ piece: { tensors }, base, experts, taskVectors }, controls, context): Promise<Prepared> {
    const rows = stack([base, ...experts]);
    const vectors = await hostRows(taskVectors);
    const { network, calibration, seed } = context;
    const differentiate = entropyOf({ rows, tensors, vectors, network, calibration, split: controls.inputs, seed });
    const count = controls.granularity === 'layer' ? tensors.length * vectors.length : vectors.length;
    const { states, losses }: Trajectory = await trainCoefficients({
      initial: new Float64Array(count).fill(controls.initial),
      steps: STEPS,
      rate: controls.rate,
      differentiate,
      between: (step) => {
        context.progress(step, STEPS, 'AdaMerging: learning coefficients');
        return context.breathe();
      },
    });
    return { rows, tensors, tasks: network.tasks, states, entropy: losses.map((loss) => loss / network.tasks.length) };
  },
  combine: ({ rows, tensors, states }, { step }) => mergedAt(rows, tensors, states[step] as Float64Array),
  readout: ({ tensors, tasks, states, entropy }, { step }) => {
    const means = states.map((state) => summarise(state, tensors, tasks.length));
    return {
      coefficients: means[step] as number[],
      curves: [
        { name: 'entropy', values: entropy },
        ...tasks.map((task, t) => ({ name: `λ ${task}`, values: means.map((row) => row[t] as number) })),
      ],
    };
  },
  laws: ['same-seed-same-result'],
  examples: [
    {
      note: 'Before the first step: Task Arithmetic at the start value.',
      base: [1, 1, 0, 0],
      experts: [
        [3, 1, 0, 0],
        [1, 5, 0, 0],
      ],
      controls: { step: 0, initial: 0.5 },
      result: [2, 3, 0, 0],
    },
  ],
});
