/** Conflict-aware pruning: experts choose weights one after another, and none may take what was taken (CABS, 2025). */
import type { Segments } from './order.ts';

/**
 * What one expert keeps: in every segment its largest entries that are not zero and not taken, up to the segment's quota.
 * @param order indices from the largest magnitude to the smallest
 * @param taken 1 where an earlier expert chose; what is chosen here is added. Undefined where experts may overlap
 */
export function chooseFree(
  values: Float32Array,
  order: Uint32Array,
  segments: Segments,
  quotas: Uint32Array,
  taken: Uint8Array | undefined,
): Float32Array {
  const left = quotas.slice();
  const out = new Float32Array(values.length);
  for (let i = 0; i < order.length; i++) {
    // In range: the order is a permutation, and every weight has a segment.
    const index = order[i] as number;
    const value = values[index] as number;
    const segment = segments.of[index] as number;
    const room = left[segment] as number;
    if (value === 0 || room === 0 || taken?.[index]) continue;
    left[segment] = room - 1;
    out[index] = value;
    if (taken) taken[index] = 1;
  }
  return out;
}
