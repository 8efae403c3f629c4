/** Counts correct answers of a network on named samples, and sums their losses, in batches of fixed size so that every machine sums alike. */
import * as tf from '@tensorflow/tfjs-core';
import type { Score } from '../formats/card.ts';
import { featuresOf, logitsOf } from '../models/architecture.ts';
import { withBlocks } from '../models/architecture-parameters.ts';
import type { Weights } from '../models/weights.ts';
import { StudioError } from './fault.ts';
import { grade } from './grade.ts';
import type { Networks } from './networks.ts';
import { tableOf, type Zoo } from './zoo.ts';

/** Batches of 64 are the fastest on WebAssembly; page and command line use the same, so they agree exactly. */
const BATCH = 64;

export interface Slice {
  readonly task: string;
  readonly split: 'test' | 'calibration';
  /** First sample, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

type Flat = Float32Array | tf.Tensor1D;

export interface Evaluator {
  /**
   * Takes the networks to evaluate, flat in table order; a tensor is copied, the caller still owns it. Tasks without a network of
   * their own are counted with the one for all.
   */
  use(networks: Networks<Flat>): void;
  /** @throws StudioError when no network was given or its answers are not numbers */
  count(slice: Slice): Promise<Score>;
  dispose(): void;
}

export function createEvaluator(zoo: Zoo): Evaluator {
  const heads = new Map<string, tf.Tensor2D>();
  let shared: Weights | undefined;
  let perTask: ReadonlyMap<string, Weights> = new Map();
  let config = zoo.card.model;

  const head = async (task: string) => {
    const { values, shape } = await zoo.head(task);
    const known = heads.get(task) ?? tf.keep(tf.tensor2d(values, [...shape]));
    heads.set(task, known);
    return known;
  };
  const release = () => {
    tf.dispose([shared ?? {}, ...perTask.values()]);
    shared = undefined;
    perTask = new Map();
  };
  const named = (flat: Flat, table: Zoo['table']): Weights =>
    Object.fromEntries(
      table.map(({ name, shape, start, length }) => {
        const tensor =
          flat instanceof Float32Array
            ? tf.tensor(flat.subarray(start, start + length), [...shape])
            : tf.tidy(() => tf.reshape(tf.slice(flat, [start], [length]), [...shape]));
        return [name, tf.keep(tensor)];
      }),
    );

  return {
    use({ weights, perTask: own = {}, blocks = zoo.card.model.blocks }) {
      release();
      config = withBlocks(zoo.card.model, blocks);
      const table = blocks === zoo.card.model.blocks ? zoo.table : tableOf(zoo.card, blocks);
      shared = named(weights, table);
      perTask = new Map(Object.entries(own).map(([task, flat]) => [task, named(flat, table)]));
    },
    async count({ task, split, from, to }) {
      const [{ images, labels }, prototypes] = await Promise.all([zoo.samples(task, split, from, to), head(task)]);
      const [network, model] = [perTask.get(task) ?? shared, config];
      if (!network) throw new StudioError('internal', 'Samples were to be counted before a network was given.');
      const pixels = images.length / (to - from);
      let correct = 0;
      let loss = 0;
      for (let start = 0; start < to - from; start += BATCH) {
        const size = Math.min(BATCH, to - from - start);
        const logits = tf.tidy(() => {
          const batch = tf.tensor2d(images.subarray(start * pixels, (start + size) * pixels), [size, pixels]);
          return logitsOf(featuresOf(network, batch, model), prototypes, model);
        });
        const values = await logits.data();
        logits.dispose();
        const graded = grade(values, labels.subarray(start, start + size));
        // An arg-max over NaN would silently answer class 0: the loss tells.
        if (!Number.isFinite(graded.loss))
          throw new StudioError('device', `The network’s answers for ${task} are not numbers (loss ${graded.loss}).`);
        correct += graded.correct;
        loss += graded.loss;
      }
      return { correct, n: to - from, loss };
    },
    dispose() {
      release();
      for (const tensor of heads.values()) tensor.dispose();
      heads.clear();
    },
  };
}
