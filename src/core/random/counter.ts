/**
 * Counter-based random numbers: every draw is a pure function of (seed, stream, index), so a mask does not depend on the
 * order in which tensors are visited, and masks of different drop rates drawn from one seed are nested.
 */

/** Murmur3's finaliser: a bijection of 32-bit integers in which every input bit flips about half of the output bits. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit key of a stream: two streams with different seeds or labels are unrelated. */
export function streamKey(seed: number, label: string): number {
  let key = mix(seed ^ 0x9e3779b9);
  for (let i = 0; i < label.length; i++) key = mix(key ^ Math.imul(label.charCodeAt(i) + 1, 0x9e3779b1));
  return key;
}

/** Uniform in [0, 1) with 24 random bits (the resolution of a float32), the `index`-th of the stream. */
export function uniformAt(key: number, index: number): number {
  return (mix(mix(index ^ key) + key) >>> 8) / 0x1000000;
}

/** A sequential view of one stream. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Integer in [0, bound). */
  integer(bound: number): number;
  /** Fisher–Yates in place; returns its argument. */
  shuffle<T>(items: T[]): T[];
}

export function randomStream(seed: number, label: string): Random {
  const key = streamKey(seed, label);
  let index = 0;
  const uniform = () => uniformAt(key, index++);
  return {
    uniform,
    // 1 − u lies in (0, 1], so the logarithm is finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1));
        const held = items[i] as (typeof items)[number];
        items[i] = items[j] as (typeof items)[number];
        items[j] = held;
      }
      return items;
    },
  };
}
