import type { Tensor } from '@tensorflow/tfjs-core';

/** Weights by name; shapes as in the architecture's parameter table. */
export type Weights = Readonly<Record<string, Tensor>>;

/** @throws Error naming the tensor that is missing */
export function get(weights: Weights, name: string): Tensor {
  const tensor = weights[name];
  if (!tensor) throw new Error(`${name}: the network has no such tensor`);
  return tensor;
}
