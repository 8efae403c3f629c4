/** Tensors that no training step changes: counts, indices, masks and tables that are computed anew. */
import { isFloat } from '../safetensors/dtype.ts';
import type { TensorOutline } from './outline.ts';

/** Last parts of names of floating-point buffers in the transformers library. */
const NAMES: ReadonlySet<string> = new Set([
  'inv_freq',
  'position_ids',
  'num_batches_tracked',
  'masked_bias',
  'relative_position_index',
]);
/** Masks of GPT-2 and GPT-NeoX, [1, 1, n, n]: a bias that is none. */
const MASKS = ['attn.bias', 'attention.bias'];
const MASK_RANK = 4;

/** Whether a tensor is copied from the base, never merged. */
export function isBuffer({ name, dtype, shape }: TensorOutline): boolean {
  if (!isFloat(dtype) || NAMES.has(name.slice(name.lastIndexOf('.') + 1))) return true;
  return shape.length === MASK_RANK && MASKS.some((mask) => name === mask || name.endsWith(`.${mask}`));
}

/** Parts of weights that are stored in fewer bits, as the quantisers name them: what is beside them is no weight by itself. */
const QUANTISED =
  /\.(qweight|qzeros|weight_scale|weight_scale_inv|weight_packed|SCB|weight\.(absmax|quant_map|quant_state\..*))$/;

/** The first tensor that tells of quantised weights, which have to be unpacked before they can be merged. */
export function quantisedPart(tensors: readonly TensorOutline[]): string | undefined {
  return tensors.find(({ name }) => QUANTISED.test(name))?.name;
}

/** Running mean and variance of batch normalisation: statistics of the data, not weights. */
export const isStatistic = (name: string): boolean => /(^|\.)running_(mean|var)$/.test(name);
