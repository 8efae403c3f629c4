/** A network over one flat weight vector, as methods see it: logits per task and gradients by one backward pass. */
import * as tf from '@tensorflow/tfjs-core';
// Without it every gradient throws; once per program, here, because only the engine differentiates.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { Network } from '../methods/context.ts';
import type { PlacedParameter } from '../methods/define.ts';
import { featuresOf, logitsOf } from '../models/architecture.ts';
import type { ModelConfig } from '../models/architecture-parameters.ts';
import type { Weights } from '../models/weights.ts';

/** Frozen heads by task, see `headShape`; they belong to the caller. */
export type HeadTensors = Map<string, tf.Tensor2D>;

export interface NetworkParts {
  readonly config: ModelConfig;
  /** The encoder's parameter table with places in the flat vector. */
  readonly table: readonly PlacedParameter[];
  readonly heads: HeadTensors;
  /** Tasks of the recipe's experts, in the recipe's order. */
  readonly tasks: readonly string[];
}

/** @throws Error when a task has no head, or the weights do not have the table's length */
export function createNetwork({ config, table, heads, tasks }: NetworkParts): Network {
  const length = table.reduce((total, row) => total + row.length, 0);

  const headOf = (task: string): tf.Tensor2D => {
    const head = heads.get(task);
    if (!head) throw new Error(`task "${task}" has no head; there are heads for: ${[...heads.keys()].join(', ')}`);
    return head;
  };

  /** One tensor per row of the table. */
  const cut = (weights: tf.Tensor1D): tf.Tensor[] => {
    if (weights.size !== length) throw new Error(`the network has ${length} weights, not ${weights.size}`);
    return table.map((row) => tf.reshape(tf.slice(weights, [row.start], [row.length]), [...row.shape]));
  };

  const named = (tensors: readonly tf.Tensor[]): Weights =>
    Object.fromEntries(table.map(({ name }, index) => [name, tensors[index] as tf.Tensor]));

  const run = (weights: Weights, task: string, images: tf.Tensor2D): tf.Tensor2D =>
    logitsOf(featuresOf(weights, images, config), headOf(task), config);

  for (const task of tasks) headOf(task);
  return {
    tasks,
    logits: (weights, task, images) => tf.tidy(() => run(named(cut(weights)), task, images)),
    async gradient(weights, batches, loss) {
      const result = tf.tidy(() => {
        // Differentiated by tensor and joined afterwards: the gradient of a slice would pad each part to the full length.
        const differentiate = tf.valueAndGrads((...tensors) => {
          const features = featuresOf(
            named(tensors),
            tf.concat2d(
              batches.map(({ images }) => images),
              0,
            ),
            config,
          );
          const counts = batches.map(({ images }) => images.shape[0]);
          // The gradient of a split into one part fails in TensorFlow.js.
          const parts = counts.length > 1 ? tf.split(features, counts) : [features];
          return loss(batches.map(({ task }, index) => logitsOf(parts[index] as tf.Tensor2D, headOf(task), config)));
        });
        const { value, grads } = differentiate(cut(weights));
        return { value, gradient: tf.concat1d(grads.map((part) => tf.reshape(part, [part.size]) as tf.Tensor1D)) };
      });
      const [value, gradient] = await Promise.all([result.value.data(), result.gradient.data()]);
      tf.dispose(result);
      return { value: value[0] as number, gradient: gradient as Float32Array };
    },
  };
}
