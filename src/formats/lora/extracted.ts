/** A change of weights as a low-rank adapter: what is lost at a rank. */

/** How the change ΔW of one tensor decomposes: enough to say what any rank would keep. */
export interface ChangeSpectrum {
  /** Of the tensor. */
  readonly name: string;
  /** Singular values of ΔW as a matrix, largest first; of large matrices only the strongest. */
  readonly values: ArrayLike<number>;
  /** ‖ΔW‖². */
  readonly energy: number;
}

/** ‖ΔW‖² that the best approximation of a rank leaves; no rank beyond the values that are known. */
export function energyLeft({ values, energy }: ChangeSpectrum, rank: number): number {
  let left = energy;
  for (let j = 0; j < Math.min(rank, values.length); j++) left -= (values[j] as number) ** 2;
  return Math.max(left, 0);
}

/** ‖ΔW − BA‖ / ‖ΔW‖ of all tensors together, those included that a LoRA cannot hold; 0 where nothing changed. */
export function errorAtRank(spectra: readonly ChangeSpectrum[], rank: number): number {
  const energy = spectra.reduce((total, each) => total + each.energy, 0);
  const left = spectra.reduce((total, each) => total + energyLeft(each, rank), 0);
  return energy === 0 ? 0 : Math.sqrt(left / energy);
}

/** Whether what a LoRA has no factors for is left out, or kept in full. */
export type Rest = 'leave-out' | 'in-full';
