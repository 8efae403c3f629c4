/** Reinforced agent merging: weights that one expert changed against weights that several changed. */
import type { PlacedParameter } from '../define.ts';

/** How many of the task vectors have |τ| > ε at each weight. */
export function contributors(vectors: readonly Float32Array[], epsilon: number): Uint8Array {
  const counts = new Uint8Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    // In range: task vectors have one length.
    for (let i = 0; i < counts.length; i++)
      if (Math.abs(vector[i] as number) > epsilon) counts[i] = (counts[i] as number) + 1;
  }
  return counts;
}

/**
 * One expert's share of the merged change, λ_t apart: τ where it alone changed the weight, τ/c where c experts did, 0 where it did not.
 * @param reward factor of the weights that it alone changed, by tensor
 */
export function shareOf(
  vector: Float32Array,
  counts: Uint8Array,
  epsilon: number,
  tensors: readonly Pick<PlacedParameter, 'start' | 'length'>[],
  reward: (tensor: number) => number,
): Float32Array {
  const out = new Float32Array(vector.length);
  for (const [index, { start, length }] of tensors.entries()) {
    const alone = reward(index);
    for (let i = start; i < start + length; i++) {
      const value = vector[i] as number;
      if (!(Math.abs(value) > epsilon)) continue;
      const count = counts[i] as number;
      out[i] = count > 1 ? value / count : value * alone;
    }
  }
  return out;
}

/** Weights of one run that an expert shares with others, and that it alone changed. */
export interface Tally {
  readonly shared: number;
  readonly unique: number;
}

function tallyOf(
  vector: Float32Array,
  counts: Uint8Array,
  epsilon: number,
  { start, length }: Pick<PlacedParameter, 'start' | 'length'>,
): Tally {
  let shared = 0;
  let unique = 0;
  for (let i = start; i < start + length; i++) {
    if (!(Math.abs(vector[i] as number) > epsilon)) continue;
    if ((counts[i] as number) > 1) shared++;
    else unique++;
  }
  return { shared, unique };
}

/** By run, of each expert. */
export type Tallies = ReadonlyMap<string, readonly Tally[]>;

/** The weights that a tensor is counted together with. */
export const runOf = ({ name }: Pick<PlacedParameter, 'name'>, scope: 'tensor' | 'network'): string =>
  scope === 'tensor' ? `tensor ${name}` : 'network';

/** Adds up tallies, tensor by tensor or part of a tensor by part. */
export function tallyCounter(epsilon: number, scope: 'tensor' | 'network') {
  const tallies = new Map<string, readonly Tally[]>();
  return {
    tallies,
    /** @param tensors of the vectors, by their places in these */
    add(vectors: readonly Float32Array[], tensors: readonly Pick<PlacedParameter, 'name' | 'start' | 'length'>[]) {
      const counts = contributors(vectors, epsilon);
      for (const tensor of tensors) {
        const run = runOf(tensor, scope);
        const before = tallies.get(run);
        const more = vectors.map((vector) => tallyOf(vector, counts, epsilon, tensor));
        tallies.set(
          run,
          more.map(({ shared, unique }, t) => ({
            shared: shared + (before?.[t]?.shared ?? 0),
            unique: unique + (before?.[t]?.unique ?? 0),
          })),
        );
      }
    },
  };
}
