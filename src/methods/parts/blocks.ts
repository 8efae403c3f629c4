/** Where a tensor stands among the blocks of the network: for methods that treat layers differently. */
import * as tf from '@tensorflow/tfjs-core';
import type { PlacedParameter } from '../define.ts';
import { type Stack, stack, weightedSum } from './stack.ts';

/** Norms of a block carry its number, the final norm does not. */
const NUMBERED = /\.\d+\./;

/** 0 at the first block, 1 at the last; undefined for embeddings and the final norm, which are outside. */
function depthInBlocks({ name, group, depth }: PlacedParameter): number | undefined {
  const outside = group === 'embedding' || (group === 'norm' && !NUMBERED.test(name));
  return outside ? undefined : depth;
}

/** Tensors that follow each other in one block, or outside of all blocks. */
export interface Run {
  /** Counted from 0 at the input; undefined outside. */
  readonly block: number | undefined;
  /** The block that an outside run is next to: embeddings the first, the final norm the last. */
  readonly nearest: number;
  readonly start: number;
  readonly length: number;
}

export interface Blocks {
  readonly count: number;
  /** They cover the piece, in order. */
  readonly runs: readonly Run[];
}

export function blocksOf(tensors: readonly PlacedParameter[]): Blocks {
  const inside = tensors.flatMap((tensor) => depthInBlocks(tensor) ?? []);
  const depths = [...new Set(inside)].sort((a, b) => a - b);
  const count = depths.length;
  const runs: { block: number | undefined; nearest: number; start: number; length: number }[] = [];
  for (const tensor of tensors) {
    const depth = depthInBlocks(tensor);
    const block = depth === undefined ? undefined : depths.indexOf(depth);
    // Embeddings have depth 0, the final norm 1.
    const nearest = block ?? Math.max(0, Math.round(tensor.depth * (count - 1)));
    const last = runs.at(-1);
    if (last && last.block === block && last.nearest === nearest) last.length += tensor.length;
    else runs.push({ block, nearest, start: tensor.start, length: tensor.length });
  }
  return { count, runs };
}

/** Flat networks as rows, cut by runs, so that combining them with weights by run slices nothing. */
export function stackRuns(networks: readonly tf.Tensor[], { runs }: Blocks): readonly Stack[] {
  return runs.map(({ start, length }) => {
    const parts = networks.map((network) => tf.slice(network, [start], [length]));
    const rows = stack(parts);
    for (const part of parts) part.dispose();
    return rows;
  });
}

/**
 * One network whose runs are sums with weights of their own.
 * @param weights by run, then by row
 * @returns flat [n]; one-hot weights give that row back bit for bit
 */
export function joinRuns(stacks: readonly Stack[], weights: readonly (readonly number[])[]): tf.Tensor1D {
  return tf.tidy(() => {
    const parts = stacks.map((rows, run) => weightedSum(rows, weights[run] ?? []) as tf.Tensor1D);
    return tf.concat1d(parts);
  });
}
