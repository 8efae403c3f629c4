import * as tf from '@tensorflow/tfjs-core';
import type { LabelledCalibration, Network } from './context.ts';
import { defineMethod, type PlacedParameter } from './define.ts';
import { batchDrawer, rowsOf } from './parts/batches.ts';
import { trainCoefficients } from './parts/coefficient-trainer.ts';
import { hostRows } from './parts/host-rows.ts';
import { meanWeights, mixingWeights, throughSoftmax } from './parts/mixing-weights.ts';
import { type Stack, stack } from './parts/stack.ts';
import { projectPerTensor, weightedSumPerTensor } from './parts/tensorwise.ts';

/** Images per task and step. */
const BATCH = 16;
/** Length of the trajectory: about three rounds over 256 images per task; the authors’ code takes five. */
const STEPS = 50;

interface Setting {
  readonly rows: Stack;
  readonly tensors: readonly PlacedParameter[];
  /** τ_t, flat: for weights that add up to 1, as good as the experts themselves, and exact where they are close. */
  readonly vectors: readonly Float32Array[];
  readonly network: Network;
  readonly calibration: LabelledCalibration;
  readonly seed: number;
}

/** Mean cross-entropy of the right classes, in nats. */
function crossEntropy(logits: tf.Tensor2D, classes: readonly number[]): tf.Tensor {
  const right = tf.oneHot(tf.tensor1d([...classes], 'int32'), logits.shape[1]);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), right), 1)));
}

/** L(α) = Σ_t mean cross-entropy of task t on its next batch, and ∂L/∂α by one backward pass through the mixed network. */
function lossOf({ rows, tensors, vectors, network, calibration, seed }: Setting) {
  const sources = network.tasks.map((task) => {
    const images = calibration.inputs(task, 'calibration');
    const draw = batchDrawer(images.shape[0], BATCH, seed, `learned soup/${task}`);
    return { task, images, labels: calibration.labels(task), draw };
  });
  return async (state: Float64Array) => {
    const drawn = sources.map(({ task, images, labels, draw }) => {
      const chosen = draw();
      return { task, images: rowsOf(images, chosen), classes: chosen.map((row) => labels[row] ?? 0) };
    });
    const weights = weightedSumPerTensor(rows, tensors, mixingWeights(state, tensors.length, vectors.length));
    const { value, gradient } = await network.gradient(weights, drawn, (logits) =>
      tf.addN(logits.map((each, i) => crossEntropy(each, drawn[i]?.classes ?? []))),
    );
    tf.dispose([weights, drawn.map(({ images }) => images)]);
    return {
      loss: value,
      gradient: throughSoftmax(projectPerTensor(gradient, tensors, vectors), state, vectors.length),
    };
  };
}

export default defineMethod({
  id: 'learned-soup',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'Learned soup',
  family: 'trained',
  formula: String.raw`\theta^l = \sum_t w_t^l\,\theta_t^l,\qquad w^l = \operatorname{softmax}(\alpha^l),\qquad \alpha = \arg\min_\alpha \sum_t \mathbb{E}_{(x,y) \sim t}\bigl[-\log p_\theta(y \mid x)\bigr]`,
  summary: 'Learns the shares of an average of the experts by a short training on labelled calibration images.',
  helps: 'Experts of unequal worth, when some labelled images of every task are at hand.',
  hurts: 'Many experts of unrelated tasks: the shares add up to 1, so that each skill can keep only its part.',
  limits: 'Step 0 is the uniform average. The shares stay above 0 and add up to 1.',
  reference: {
    title:
      'Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing inference time',
    authors: 'Wortsman et al.',
    year: 2022,
    url: 'https://arxiv.org/abs/2203.05482',
  },
  aliases: ['model soup', 'learned model soup', 'mixing coefficients', 'supervised'],
  needs: { base: false, experts: { min: 1 }, data: 'labels', gradients: true, seed: true },
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
      help: 'How far the training is followed; 0 is the uniform average, from which it starts.',
    },
    granularity: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'l',
      name: 'shares',
      default: 'layer',
      options: [
        { value: 'layer', name: 'per tensor', help: 'Every weight matrix, bias and norm has its own shares.' },
        {
          value: 'task',
          name: 'per expert',
          help: 'One share for each expert, so that Task Arithmetic can take them over.',
        },
      ],
      help: 'How many shares are learned.',
    },
    rate: {
      per: 'method',
      stage: 'prepare',
      symbol: 'η',
      name: 'learning rate',
      min: 0.005,
      max: 0.2,
      step: 0.005,
      default: 0.05,
      snaps: [0.05],
      help: 'How far one step may move an α. The authors’ code takes 0.05.',
    },
  },
  notes: [
    'Adam with 16 images per task and step; the authors take AdamW without decay, which is the same, and five rounds over their images.',
    'The scale of the logits, which the paper learns too, is left as it is: it changes no answer.',
    'The soup of the paper is of models for one task; here the loss is the sum over the tasks of all experts.',
    'The shares shown per expert are means over all tensors, each counted by its number of weights.',
    'Learns from the labelled calibration images, which no accuracy on this page is measured on.',
  ],
  result: 'single',
  async prepare({ piece: { tensors }, experts, taskVectors }, { granularity, rate }, context) {
    const rows = stack(experts);
    const vectors = await hostRows(taskVectors);
    const { network, calibration, seed } = context;
    const count = granularity === 'layer' ? tensors.length * vectors.length : vectors.length;
    const { states, losses } = await trainCoefficients({
      initial: new Float64Array(count),
      steps: STEPS,
      rate,
      differentiate: lossOf({ rows, tensors, vectors, network, calibration, seed }),
      between: (step) => {
        context.progress(step, STEPS, 'Learned soup: learning shares');
        return context.breathe();
      },
    });
    const { tasks } = network;
    return { rows, tensors, tasks, states, losses: losses.map((loss) => loss / tasks.length) };
  },
  combine: ({ rows, tensors, tasks, states }, { step }) =>
    weightedSumPerTensor(rows, tensors, mixingWeights(states[step] as Float64Array, tensors.length, tasks.length)),
  readout: ({ tensors, tasks, states, losses }, { step }) => {
    const lengths = tensors.map(({ length }) => length);
    const means = states.map((state) => meanWeights(mixingWeights(state, tensors.length, tasks.length), lengths));
    return {
      coefficients: means[step] as number[],
      curves: [
        { name: 'cross-entropy', values: losses },
        ...tasks.map((task, t) => ({ name: `w ${task}`, values: means.map((row) => row[t] as number) })),
      ],
    };
  },
  laws: ['same-seed-same-result', 'copies-give-the-copy', 'one-expert-gives-expert'],
  examples: [
    {
      note: 'before the first step: the uniform average',
      base: [9, 9, 9, 9],
      experts: [
        [3, 1, 0, 0],
        [1, 5, 0, 0],
      ],
      controls: { step: 0 },
      result: [2, 3, 0, 0],
    },
  ],
});
