/** MagPrune: random dropping in which larger changes are more likely to stay (DELLA, Deep et al. 2024). */
import { streamKey, uniformAt } from '../../core/random/counter.ts';
import type { PlacedParameter } from '../define.ts';
import type { Segments } from './order.ts';
import { restoreNorm } from './restore.ts';

/**
 * π = d − ε + 2ε (r − 1)/(n − 1) with r = 1 the smallest of the n magnitudes of a segment; d where n = 1. The half-width ε is cut
 * to what fits between 0 and 1 around the density d.
 * @param ranks of the entries within their segments, 0 the largest
 */
export function keepProbabilities(
  ranks: Uint32Array,
  { of, lengths }: Segments,
  density: number,
  epsilon: number,
): Float64Array {
  const half = Math.max(0, Math.min(epsilon, density, 1 - density));
  const step = Float64Array.from(lengths, (length) => (length > 1 ? (2 * half) / (length - 1) : 0));
  const highest = Float64Array.from(lengths, (length) => (length > 1 ? density + half : density));
  const probabilities = new Float64Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) {
    // In range: every weight has a segment.
    const segment = of[i] as number;
    probabilities[i] = (highest[segment] as number) - (step[segment] as number) * (ranks[i] as number);
  }
  return probabilities;
}

/**
 * One number per weight, 1 = kept: where U(seed, expert, index in the network) ≥ 1 − π. The numbers U are those of DARE, so
 * that equal probabilities give its masks, and a mask changes little when a slider moves.
 * @param first index of the piece's first weight in the whole network
 */
export function drawKept(seed: number, expert: number, first: number, probabilities: Float64Array): Uint8Array {
  const key = streamKey(seed, `dare/${expert}`);
  const keep = new Uint8Array(probabilities.length);
  for (let i = 0; i < keep.length; i++) keep[i] = uniformAt(key, first + i) < 1 - (probabilities[i] as number) ? 0 : 1;
  return keep;
}

/** 'inverse': each survivor is divided by its own π. 'l1': per tensor, Σ|τ| is restored. 'none': survivors stay as they are. */
export type MagpruneRescale = 'inverse' | 'l1' | 'none';

export function pruneBy(
  values: Float32Array,
  keep: Uint8Array,
  probabilities: Float64Array,
  rescale: MagpruneRescale,
  tensors: readonly Pick<PlacedParameter, 'start' | 'length'>[],
): Float32Array {
  const out = new Float32Array(values.length);
  const inverse = rescale === 'inverse';
  for (let i = 0; i < out.length; i++) {
    if (!keep[i]) continue;
    const value = values[i] as number;
    // A weight with π = 0 is never kept.
    out[i] = inverse ? value / (probabilities[i] as number) : value;
  }
  if (rescale === 'l1') restoreNorm(out, values, 'l1', tensors);
  return out;
}
