/** The numbers that a tensor's bytes stand for, and back. */
import { type Dtype, type WeightDtype, WIDTH } from './dtype.ts';
import { fromBfloat16, fromFloat8, fromFloat16, toBfloat16, toFloat16 } from './float16.ts';

/** Little-endian bytes as in a file, and what they are. */
export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The tensor's values as numbers; F64 and 64-bit integers are rounded to float32 like the rest. */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = READERS[dtype];
  return Float32Array.from({ length: bytes.length / WIDTH[dtype] }, (_, index) => read(view, index * WIDTH[dtype]));
}

const READERS: Readonly<Record<Dtype, (view: DataView, offset: number) => number>> = {
  F64: (view, offset) => view.getFloat64(offset, true),
  F8_E4M3: (view, offset) => fromFloat8(view.getUint8(offset), 4),
  F8_E5M2: (view, offset) => fromFloat8(view.getUint8(offset), 5),
  F32: (view, offset) => view.getFloat32(offset, true),
  F16: (view, offset) => fromFloat16(view.getUint16(offset, true)),
  BF16: (view, offset) => fromBfloat16(view.getUint16(offset, true)),
  I64: (view, offset) => Number(view.getBigInt64(offset, true)),
  I32: (view, offset) => view.getInt32(offset, true),
  I16: (view, offset) => view.getInt16(offset, true),
  I8: (view, offset) => view.getInt8(offset),
  U64: (view, offset) => Number(view.getBigUint64(offset, true)),
  U32: (view, offset) => view.getUint32(offset, true),
  U16: (view, offset) => view.getUint16(offset, true),
  U8: (view, offset) => view.getUint8(offset),
  BOOL: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1),
};

/** Little-endian bytes of numbers, as `dtype`. */
export function fromFloat32(values: Float32Array, dtype: WeightDtype): Uint8Array {
  const bytes = new Uint8Array(values.length * WIDTH[dtype]);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    if (dtype === 'F16') view.setUint16(index * 2, toFloat16(value), true);
    else if (dtype === 'BF16') view.setUint16(index * 2, toBfloat16(value), true);
    else view.setFloat32(index * 4, value, true);
  });
  return bytes;
}

/** Where the first NaN or infinity of some values is, in words, or undefined when all are finite. */
export function describeNonFinite(name: string, values: Float32Array): string | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : `${name}: value ${index} is ${values[index]}, wanted a finite number`;
}
