/** Random dropping of a task vector's entries, and what makes up for the loss. */
import { streamKey, uniformAt } from '../../core/random/counter.ts';
import type { PlacedParameter } from '../define.ts';

/** 'inverse': survivors are divided by 1 − p. 'l1': per tensor, Σ|τ| is restored. 'none': survivors stay as they are. */
export type Rescale = 'inverse' | 'l1' | 'none';

/**
 * One number per weight, 1 = kept: dropped where U(seed, expert, index in the network) < p. So the masks of one seed are
 * nested as p grows, and do not depend on how the network is cut into pieces.
 * @param first index of the piece's first weight in the whole network
 */
export function keepMask(seed: number, expert: number, first: number, length: number, dropRate: number): Uint8Array {
  const key = streamKey(seed, `dare/${expert}`);
  const keep = new Uint8Array(length);
  for (let i = 0; i < length; i++) keep[i] = uniformAt(key, first + i) < dropRate ? 0 : 1;
  return keep;
}

/**
 * τ̃ = keep ⊙ τ · scale. With all entries kept the values come back bit for bit; with none, zeros.
 * @param dropRate the probability p that the mask was drawn with
 * @param tensors those that the values cover, for the rescaling per tensor
 */
export function dropAndRescale(
  values: Float32Array,
  keep: Uint8Array,
  rescale: Rescale,
  dropRate: number,
  tensors: readonly Pick<PlacedParameter, 'start' | 'length'>[],
): Float32Array {
  if (keep.length !== values.length)
    throw new Error(`dropAndRescale: a mask of ${keep.length} for ${values.length} values`);
  const out = new Float32Array(values.length);
  for (const { start, length } of tensors) {
    const scale = scaleOf(values, keep, rescale, dropRate, start, start + length);
    for (let i = start; i < start + length; i++) {
      // In range: tensors lie inside their piece.
      if (keep[i]) out[i] = (values[i] as number) * scale;
    }
  }
  return out;
}

function scaleOf(
  values: Float32Array,
  keep: Uint8Array,
  rescale: Rescale,
  dropRate: number,
  from: number,
  to: number,
): number {
  switch (rescale) {
    case 'none':
      return 1;
    case 'inverse':
      // At p = 1 nothing is left to be scaled.
      return dropRate < 1 ? 1 / (1 - dropRate) : 1;
    case 'l1': {
      let before = 0;
      let after = 0;
      for (let i = from; i < to; i++) {
        const magnitude = Math.abs(values[i] as number);
        before += magnitude;
        if (keep[i]) after += magnitude;
      }
      return after > 0 ? before / after : 1;
    }
  }
}
