/** Where the matrices of a network's blocks go when the blocks are reordered, each to one of the same kind and shape. */
import { randomStream } from '../../core/random/counter.ts';
import type { Parameter } from '../../models/parameter.ts';

/** 'shift': one block further for every expert before it. 'random': a random order of the blocks, another for each expert. */
export type Shuffle = 'none' | 'shift' | 'random';

/** Matrices that differ only in the first number of their name, the block's. */
const kindOf = ({ name, shape }: Parameter): string => `${name.replace(/\d+/, '#')} ${shape.join('×')}`;

/** @returns for each matrix, by its index among `matrices`, the index of the one in whose place it goes */
export function slotsOf(matrices: readonly Parameter[], shuffle: Shuffle, expert: number, seed: number): number[] {
  const kinds = new Map<string, number[]>();
  for (const [i, matrix] of matrices.entries()) {
    const kind = kindOf(matrix);
    kinds.set(kind, [...(kinds.get(kind) ?? []), i]);
  }
  const slots = matrices.map((_, i) => i);
  for (const members of kinds.values()) {
    const order = orderOf(members.length, shuffle, expert, seed);
    for (const [place, member] of members.entries()) slots[member] = members[order[place] as number] as number;
  }
  return slots;
}

/** The same for all kinds of one length, so that whole blocks stay together. */
function orderOf(count: number, shuffle: Shuffle, expert: number, seed: number): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  switch (shuffle) {
    case 'none':
      return places;
    case 'shift':
      return places.map((place) => (place + expert) % count);
    case 'random':
      return randomStream(seed, `layer slots/${expert}`).shuffle(places);
  }
}
