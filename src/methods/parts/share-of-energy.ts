/** How many of the largest entries hold a given share of a vector's squared length. */

/**
 * The smallest k such that the k largest magnitudes hold at least `share` of Σ τ²; the entry that crosses the bound counts.
 * @param order indices from the largest magnitude to the smallest
 */
export function countForEnergy(values: Float32Array, order: Uint32Array, share: number): number {
  if (share >= 1) return values.length;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] as number) ** 2;
  const wanted = share * total;
  let reached = 0;
  let count = 0;
  while (count < order.length && reached < wanted) {
    reached += (values[order[count] as number] as number) ** 2;
    count++;
  }
  return count;
}
