/** Bytes per element of every data type that can be read. */
export const WIDTH = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type Dtype = keyof typeof WIDTH;

/** Data types that weights can be written in. */
export type WeightDtype = 'F32' | 'F16' | 'BF16';

export const isWeightDtype = (dtype: Dtype): dtype is WeightDtype =>
  dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';

/** A name in a file's header that is a data type of the format. */
export const isDtype = (name: unknown): name is Dtype => typeof name === 'string' && Object.hasOwn(WIDTH, name);

/** Whether tensors of this type hold weights that can be merged; the others are counts, indices and masks. */
export const isFloat = (dtype: Dtype): boolean => dtype.startsWith('F') || dtype === 'BF16';
