/** What spectral methods do with everything that is no weight matrix: the mean of the experts' changes. */
import type { Input } from '../define.ts';
import { hostVectors } from './factor.ts';
import { type Stack, stackArrays } from './stack.ts';

/**
 * Rows [θ₀, τ₁/T … τ_T/T], so that coefficients of 1 add the mean of the changes; zeros where others stay at the base.
 */
export async function meanRows(input: Input<unknown>, others: 'mean' | 'base'): Promise<Stack> {
  const vectors = await hostVectors(input);
  const share = others === 'mean' ? 1 / vectors.length : 0;
  const base = (await input.base.data()) as Float32Array;
  const rows = stackArrays([base, ...vectors.map((vector) => vector.map((value) => share * value))]);
  return { ...rows, shape: input.base.shape };
}
