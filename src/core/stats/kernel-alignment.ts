/** Linear centred kernel alignment of representations of the same samples (Kornblith et al. 2019, equation 2 with linear kernels). */
import { matmul, transposed } from '../linalg/matrix.ts';

/** Features [samples, dim], each column with mean 0. */
export interface Centred {
  readonly values: Float64Array;
  readonly samples: number;
  readonly dim: number;
  /** ‖XᵀX‖_F. */
  readonly norm: number;
}

/** @param features [samples, dim], row-major */
export function centred(features: ArrayLike<number>, samples: number): Centred {
  const dim = samples > 0 ? features.length / samples : 0;
  if (!Number.isInteger(dim)) throw new Error(`${features.length} features do not belong to ${samples} samples`);
  const values = Float64Array.from(features);
  for (let j = 0; j < dim; j++) {
    let mean = 0;
    // In range, here and below: rows and columns are those of the features.
    for (let i = 0; i < samples; i++) mean += (values[i * dim + j] as number) / samples;
    for (let i = 0; i < samples; i++) values[i * dim + j] = (values[i * dim + j] as number) - mean;
  }
  return { values, samples, dim, norm: crossNorm(values, values, samples) };
}

/** ‖YᵀX‖_F² / (‖XᵀX‖_F · ‖YᵀY‖_F), 0…1: 1 for the same up to rotation and scale; NaN where one of them is constant. */
export function linearAlignment(x: Centred, y: Centred): number {
  if (x.samples !== y.samples) throw new Error(`${x.samples} samples cannot be compared with ${y.samples}`);
  if (x.norm === 0 || y.norm === 0) return Number.NaN;
  return crossNorm(x.values, y.values, x.samples) ** 2 / (x.norm * y.norm);
}

function crossNorm(x: Float64Array, y: Float64Array, samples: number): number {
  const [across, down] = [x.length / samples, y.length / samples];
  const product = matmul(transposed(y, samples, down), x, down, samples, across);
  return Math.sqrt(product.reduce((sum, value) => sum + value * value, 0));
}
