/** Mixing weights that are positive and add up to 1: softmax over T experts of a state, one for every tensor or one for all. */

/** @returns softmax of each row, one row of T per tensor; repeated when the state is a single row */
export function mixingWeights(state: Float64Array, tensors: number, experts: number): number[][] {
  return Array.from({ length: tensors }, (_, l) => {
    const start = state.length === experts ? 0 : l * experts;
    const row = Array.from(state.subarray(start, start + experts));
    const largest = Math.max(...row);
    const powers = row.map((value) => Math.exp(value - largest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    return powers.map((value) => value / total);
  });
}

/**
 * ∂L/∂state from ∂L/∂w: w_t (g_t − Σ_s w_s g_s) in every tensor, added up when one row serves them all.
 * @param perTensor ∂L/∂w, [tensors, T]; a constant may be added to a row without changing the answer
 */
export function throughSoftmax(perTensor: Float64Array, state: Float64Array, experts: number): Float64Array {
  const tensors = perTensor.length / experts;
  const out = new Float64Array(state.length);
  for (const [l, row] of mixingWeights(state, tensors, experts).entries()) {
    const at = (t: number) => perTensor[l * experts + t] as number;
    const mean = row.reduce((sum, weight, t) => sum + weight * at(t), 0);
    for (const [t, weight] of row.entries()) {
      const place = (l * experts + t) % state.length;
      out[place] = (out[place] as number) + weight * (at(t) - mean);
    }
  }
  return out;
}

/** One weight per expert: the mean over tensors, each counted by its number of weights. */
export function meanWeights(rows: readonly (readonly number[])[], lengths: readonly number[]): number[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return (rows[0] ?? []).map((_, t) =>
    rows.reduce((sum, row, l) => sum + ((lengths[l] as number) / total) * (row[t] as number), 0),
  );
}
