/** In which data type a tensor of the output is written. */
import { type Dtype, type WeightDtype, WIDTH } from '../safetensors/dtype.ts';
import type { MergekitConfiguration } from './configuration.ts';

const BY_NAME: Readonly<Record<string, WeightDtype>> = { float32: 'F32', float16: 'F16', bfloat16: 'BF16' };

/** mergekit's name of a data type; float64 is written as F32, of which a remark tells. */
export function dtypeOf(name: string): WeightDtype | undefined {
  const plain = name.replace(/^torch\./, '');
  if (plain === 'float64') return 'F32';
  return Object.hasOwn(BY_NAME, plain) ? BY_NAME[plain] : undefined;
}

/** In which mergekit reads the models, and for the most part computes; undefined where it is their own. */
export const computedDtype = ({ dtype }: MergekitConfiguration): WeightDtype | undefined =>
  dtype === undefined ? undefined : dtypeOf(dtype);

/** What the configuration asks for; undefined where it leaves the models' own. */
export function askedDtype({ dtype, outDtype }: MergekitConfiguration): WeightDtype | undefined {
  const name = outDtype ?? dtype;
  return name === undefined ? undefined : dtypeOf(name);
}

/** The smallest type that holds all of them, as PyTorch promotes; float64 is written as F32. */
export function promoted(dtypes: readonly Dtype[]): WeightDtype {
  const kinds = new Set(
    dtypes.map((dtype): WeightDtype => (dtype === 'F16' ? 'F16' : WIDTH[dtype] <= 2 ? 'BF16' : 'F32')),
  );
  const [only] = kinds;
  return kinds.size === 1 && only ? only : 'F32';
}
