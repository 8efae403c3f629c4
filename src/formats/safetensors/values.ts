/** The numbers that a tensor's bytes stand for, and back. */
import { type Dtype, type WeightDtype, WIDTH } from './dtype.ts';
import { bfloat16Patterns, bfloat16Values, float8Values, float16Patterns, float16Values } from './float16.ts';

/** Little-endian bytes as in a file, and what they are. */
export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * The tensor's values as numbers, in a fresh array; F64 and 64-bit integers are rounded to float32 like the rest. Bytes are taken as
 * the machine's own: every machine that runs a browser is little-endian, like the format.
 */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset } = aligned(bytes, WIDTH[dtype]);
  return READERS[dtype](buffer, byteOffset, Math.floor(bytes.length / WIDTH[dtype]));
}

/** The bytes where a view of wider elements may begin: themselves, or a copy. */
const aligned = (bytes: Uint8Array, width: number): Uint8Array =>
  bytes.byteOffset % width === 0 ? bytes : bytes.slice();

type Reader = (buffer: ArrayBufferLike, at: number, count: number) => Float32Array<ArrayBuffer>;

const READERS: Readonly<Record<Dtype, Reader>> = {
  F64: (buffer, at, count) => new Float32Array(new Float64Array(buffer, at, count)),
  F32: (buffer, at, count) => new Float32Array(new Float32Array(buffer, at, count)),
  F16: (buffer, at, count) => float16Values(new Uint16Array(buffer, at, count)),
  BF16: (buffer, at, count) => bfloat16Values(new Uint16Array(buffer, at, count)),
  F8_E4M3: (buffer, at, count) => float8Values(new Uint8Array(buffer, at, count), 4),
  F8_E5M2: (buffer, at, count) => float8Values(new Uint8Array(buffer, at, count), 5),
  I64: (buffer, at, count) => Float32Array.from(new BigInt64Array(buffer, at, count), Number),
  I32: (buffer, at, count) => new Float32Array(new Int32Array(buffer, at, count)),
  I16: (buffer, at, count) => new Float32Array(new Int16Array(buffer, at, count)),
  I8: (buffer, at, count) => new Float32Array(new Int8Array(buffer, at, count)),
  U64: (buffer, at, count) => Float32Array.from(new BigUint64Array(buffer, at, count), Number),
  U32: (buffer, at, count) => new Float32Array(new Uint32Array(buffer, at, count)),
  U16: (buffer, at, count) => new Float32Array(new Uint16Array(buffer, at, count)),
  U8: (buffer, at, count) => new Float32Array(new Uint8Array(buffer, at, count)),
  BOOL: (buffer, at, count) => Float32Array.from(new Uint8Array(buffer, at, count), (value) => (value === 0 ? 0 : 1)),
};

/** Little-endian bytes of numbers, as `dtype`; a fresh array. */
export function fromFloat32(values: Float32Array, dtype: WeightDtype): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case 'F32':
      return new Uint8Array(new Float32Array(values).buffer);
    case 'F16':
      return new Uint8Array(float16Patterns(values).buffer);
    case 'BF16':
      return new Uint8Array(bfloat16Patterns(values).buffer);
  }
}

/** Where the first NaN or infinity of some values is, in words, or undefined when all are finite. */
export function describeNonFinite(name: string, values: Float32Array): string | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : `${name}: value ${index} is ${values[index]}, wanted a finite number`;
}
