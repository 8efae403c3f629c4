import * as tf from '@tensorflow/tfjs-core';
import type { BaseContext, LabelledCalibration, Network } from './context.ts';
import { defineMethod } from './define.ts';
import { type Stack, stack, weightedSum } from './parts/stack.ts';

/** Images that run through the network at once. */
const BATCH = 64;
/** More experts than any zoo has. */
const MOST = 8;

/** Right answers of a network on the first calibration images of one task. */
async function rightAnswers(
  network: Network,
  weights: tf.Tensor1D,
  task: string,
  images: tf.Tensor2D,
  labels: Uint8Array,
): Promise<number> {
  let right = 0;
  for (let from = 0; from < labels.length; from += BATCH) {
    const size = Math.min(BATCH, labels.length - from);
    const answers = tf.tidy(() => tf.argMax(network.logits(weights, task, tf.slice(images, [from, 0], [size, -1])), 1));
    const values = await answers.data();
    answers.dispose();
    for (let i = 0; i < size; i++) if (values[i] === labels[from + i]) right++;
  }
  return right;
}

interface Kitchen {
  readonly rows: Stack;
  readonly network: Network;
  readonly calibration: LabelledCalibration;
  /** Labelled images per task that a score is measured on, as far as there are so many. */
  readonly images: number;
  readonly context: BaseContext;
}

/** 1/|S| for the members, 0 for the others. */
const shares = (members: readonly number[], experts: number) =>
  Array.from({ length: experts }, (_, t) => (members.includes(t) ? 1 / members.length : 0));

/** Mean over tasks of the accuracy of the members' average; measured once while the experts stay. */
function scoreOf(members: readonly number[], { rows, network, calibration, images, context }: Kitchen) {
  const key = `accuracy of the average of ${[...members].sort((a, b) => a - b).join()} on ${images} labelled images`;
  return context.cache(key, async () => {
    const weights = weightedSum(rows, shares(members, rows.rows.shape[0])) as tf.Tensor1D;
    let total = 0;
    for (const task of network.tasks) {
      await context.breathe();
      const labels = calibration.labels(task).subarray(0, images);
      const inputs = calibration.inputs(task, 'calibration');
      total += (await rightAnswers(network, weights, task, inputs, labels)) / labels.length;
    }
    weights.dispose();
    return total / network.tasks.length;
  });
}

/** One expert after another is tried; what the soup and its score are after each. */
interface Tried {
  readonly members: readonly number[];
  readonly score: number;
  /** Score of the soup with the expert that was tried. */
  readonly candidate: number;
}

async function cook(kitchen: Kitchen, rule: 'at-least' | 'above'): Promise<readonly Tried[]> {
  const experts = kitchen.rows.rows.shape[0];
  const steps = 2 * experts - 1;
  const doing = 'Greedy soup: counting right answers';
  const alone: number[] = [];
  for (let t = 0; t < experts; t++) {
    kitchen.context.progress(t, steps, doing);
    alone.push(await scoreOf([t], kitchen));
  }
  // Of equal scores the earlier expert comes first.
  const order = alone.map((_, t) => t).sort((a, b) => (alone[b] as number) - (alone[a] as number) || a - b);
  const tried: Tried[] = [];
  for (const [place, t] of order.entries()) {
    const before = tried[place - 1];
    if (!before) {
      tried.push({ members: [t], score: alone[t] as number, candidate: alone[t] as number });
      continue;
    }
    kitchen.context.progress(experts + place - 1, steps, doing);
    const members = [...before.members, t];
    const candidate = await scoreOf(members, kitchen);
    const taken = rule === 'above' ? candidate > before.score : candidate >= before.score;
    tried.push(taken ? { members, score: candidate, candidate } : { ...before, candidate });
  }
  return tried;
}

/** After so many tries, or after the last. */
const after = (tried: readonly Tried[], count: number) => tried[Math.min(count, tried.length) - 1]?.members ?? [];

export default defineMethod({
  id: 'greedy-soup',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'Greedy soup',
  family: 'trained',
  formula: String.raw`\theta = \frac{1}{|S_k|}\sum_{t \in S_k} \theta_t,\qquad S_{j+1} = \begin{cases} S_j \cup \{t_{j+1}\} & \operatorname{acc}(S_j \cup \{t_{j+1}\}) \ge \operatorname{acc}(S_j) \\ S_j & \text{else} \end{cases}`,
  summary:
    'Ranks the experts by their accuracy on labelled calibration images and averages them one by one, keeping those that do no harm.',
  helps: 'Many fine-tunes for the same tasks, some of which spoil the average.',
  hurts: 'Experts of unrelated tasks: the average of few forgets the others’, the average of all keeps little of each.',
  limits: 'k = 1 is the best single expert. When every expert is kept it is the uniform average.',
  reference: {
    title:
      'Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing inference time',
    authors: 'Wortsman et al.',
    year: 2022,
    url: 'https://arxiv.org/abs/2203.05482',
  },
  aliases: ['model soup', 'greedy model soup', 'selection of experts'],
  needs: { base: false, experts: { min: 1 }, data: 'labels', gradients: true },
  controls: {
    tried: {
      per: 'method',
      stage: 'combine',
      symbol: 'k',
      name: 'experts tried',
      min: 1,
      max: MOST,
      step: 1,
      default: MOST,
      integer: true,
      snaps: [1, MOST],
      help: 'How many of the ranked experts were offered to the soup; 1 is the best one alone.',
    },
    rule: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: '≥',
      name: 'an expert is kept when',
      default: 'at-least',
      options: [
        { value: 'at-least', name: 'no worse', help: 'The mean accuracy stays or rises, as in the paper.' },
        { value: 'above', name: 'better', help: 'The mean accuracy rises, as in the authors’ code.' },
      ],
      help: 'What the soup with the new expert is asked for.',
    },
    images: {
      per: 'method',
      stage: 'prepare',
      symbol: 'n',
      name: 'images per task',
      min: 64,
      max: 256,
      step: 64,
      default: 128,
      integer: true,
      snaps: [64, 256],
      help: 'Labelled calibration images of every task that a soup is scored on.',
    },
  },
  notes: [
    'A score is the mean over the experts’ tasks of the accuracy on the first n labelled calibration images, which no accuracy on this page is measured on.',
    'The soup of the paper is of models for one task; with several tasks the mean decides.',
    'Of equally good experts the first of the mix is tried first; another order can give another soup.',
  ],
  result: 'single',
  async prepare({ experts }, { rule, images }, context) {
    const rows = stack(experts);
    const { network, calibration } = context;
    return { rows, tried: await cook({ rows, network, calibration, images, context }, rule) };
  },
  combine: ({ rows, tried }, { tried: count }) => weightedSum(rows, shares(after(tried, count), rows.rows.shape[0])),
  readout: ({ rows, tried }, { tried: count }) => ({
    coefficients: shares(after(tried, count), rows.rows.shape[0]),
    curves: [
      { name: 'mean accuracy of the soup', values: tried.map(({ score }) => score) },
      { name: 'with the expert tried', values: tried.map(({ candidate }) => candidate) },
    ],
  }),
  laws: ['copies-give-the-copy', 'one-expert-gives-expert'],
  examples: [
    { note: 'a single expert is the soup', base: [9, 9, 9, 9], experts: [[1, 2, 3, 4]], result: [1, 2, 3, 4] },
  ],
});
