/** What a method may ask for besides models: a seed, a small network with gradients, unlabelled inputs. */
import * as tf from '@tensorflow/tfjs-core';
import type { BaseContext, LabelledCalibration, Network } from '../context.ts';

/** Inputs and classes of the toy network that gradient methods run on here. */
const TOY = { images: 5, pixels: 2, classes: 2 } as const;

/**
 * A linear classifier made of the network's first weights: enough to have logits and gradients.
 * @param owned receives every tensor that the context hands out or keeps
 */
export function contextOf(experts: number, seed: number, owned: tf.Tensor[]) {
  const tasks = Array.from({ length: experts }, (_, expert) => `task${expert}`);
  const { images, pixels, classes } = TOY;
  const logits: Network['logits'] = (weights, task, inputs) =>
    tf.tidy(() => {
      const used = tf.reshape(tf.slice(weights, 0, pixels * classes), [pixels, classes]);
      return tf.mul(tf.matMul(inputs, used), 1 + tasks.indexOf(task));
    });
  const network: Network = {
    tasks,
    logits,
    async gradient(weights, batches, loss) {
      const scalar = (w: tf.Tensor) =>
        tf.reshape(loss(batches.map(({ task, images: inputs }) => logits(w as tf.Tensor1D, task, inputs))), []);
      const { value, grads } = tf.valueAndGrads(scalar)([weights]);
      const [gradient] = grads;
      if (!gradient) throw new Error('no gradient');
      const [first, all] = await Promise.all([value.data(), gradient.data()]);
      const answer = { value: first[0] ?? Number.NaN, gradient: Float32Array.from(all) };
      tf.dispose([value, gradient]);
      return answer;
    },
  };
  const calibration: LabelledCalibration = {
    inputs(task) {
      const offset = tasks.indexOf(task);
      const values = Array.from({ length: images * pixels }, (_, i) => Math.sin(seed + offset + i));
      const made = tf.tensor2d(values, [images, pixels]);
      owned.push(made);
      return made;
    },
    labels: (task) => Uint8Array.from({ length: images }, (_, i) => (i + tasks.indexOf(task)) % classes),
  };
  const cached = new Map<string, unknown>();
  return {
    progress: () => {},
    breathe: async () => {},
    /** Of one piece: what it holds depends on the piece's own task vectors. */
    forPiece: (start: number) => ({
      async cache<T>(name: string, make: () => T | Promise<T>): Promise<T> {
        const key = `${start} ${name}`;
        if (!cached.has(key)) {
          const made = await make();
          owned.push(...tensorsIn(made));
          cached.set(key, made);
        }
        return cached.get(key) as T;
      },
    }),
    seed,
    network,
    calibration,
  };
}

/** Keeps nothing and waits for nobody. */
export const bareContext: BaseContext = {
  progress: () => {},
  breathe: async () => {},
  cache: async (_key, make) => make(),
};

/** Every tensor inside plain data, once each. */
export function tensorsIn(data: unknown, found = new Set<tf.Tensor>(), seen = new Set<unknown>()): Set<tf.Tensor> {
  if (typeof data !== 'object' || data === null || seen.has(data) || ArrayBuffer.isView(data)) return found;
  seen.add(data);
  if (data instanceof tf.Tensor) found.add(data);
  else if (data instanceof Map) for (const value of data.values()) tensorsIn(value, found, seen);
  else for (const value of Object.values(data)) tensorsIn(value, found, seen);
  return found;
}
