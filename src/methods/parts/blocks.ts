/** Where a tensor stands among the blocks of the network: for methods that treat layers differently. */
import * as tf from '@tensorflow/tfjs-core';
import type { PlacedParameter } from '../define.ts';
import { type Stack, weightedSum } from './stack.ts';

/** Norms of a block carry its number, the final norm does not. */
const NUMBERED = /\.\d+\./;

/** 0 at the first block, 1 at the last; undefined for embeddings and the final norm, which are outside. */
export function depthInBlocks({ name, group, depth }: PlacedParameter): number | undefined {
  const outside = group === 'embedding' || (group === 'norm' && !NUMBERED.test(name));
  return outside ? undefined : depth;
}

/** Block of every tensor, counted from 0 at the input; undefined outside. */
export interface Blocks {
  readonly count: number;
  readonly of: readonly (number | undefined)[];
}

export function blocksOf(tensors: readonly PlacedParameter[]): Blocks {
  const depths = tensors.map(depthInBlocks);
  const ordered = [...new Set(depths.flatMap((depth) => (depth === undefined ? [] : [depth])))].sort((a, b) => a - b);
  return {
    count: ordered.length,
    of: depths.map((depth) => (depth === undefined ? undefined : ordered.indexOf(depth))),
  };
}

/**
 * Like `weightedSum` over rows that are flat networks, with weights by tensor: neighbours with the same weights are one product.
 * @param rows [R, n]
 * @param weights by tensor, then by row
 * @returns flat [n]; one-hot weights give that row back bit for bit
 */
export function weightedSumByRuns(
  { rows }: Stack,
  tensors: readonly PlacedParameter[],
  weights: readonly (readonly number[])[],
): tf.Tensor1D {
  const runs: { start: number; length: number; weights: readonly number[]; key: string }[] = [];
  for (const [index, { start, length }] of tensors.entries()) {
    const own = weights[index];
    if (!own) throw new Error(`weightedSumByRuns: no weights for tensor ${index} of ${tensors.length}`);
    const key = own.join();
    const last = runs.at(-1);
    if (last?.key === key) last.length += length;
    else runs.push({ start, length, weights: own, key });
  }
  return tf.tidy(() => {
    const parts = runs.map(({ start, length, weights: own }) => {
      const part = tf.slice(rows, [0, start], [-1, length]);
      return weightedSum({ kind: 'stack', shape: [length], rows: part }, own) as tf.Tensor1D;
    });
    return tf.concat1d(parts);
  });
}
