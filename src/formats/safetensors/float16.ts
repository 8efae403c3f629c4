/**
 * IEEE 754 half-precision, bfloat16 and 8-bit patterns ↔ float32 values, without a platform Float16Array. Rounding is to the nearest
 * pattern, ties to the even one, overflow to infinity: bit for bit as in PyTorch. A NaN stays a NaN; which one, PyTorch leaves to the
 * processor.
 */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Bits of 2⁻¹⁴, the smallest normal float16, and of 65536, from where on everything is infinite. */
const SMALLEST_NORMAL = 0x38800000;
const BEYOND = 0x47800000;
const INFINITY_BITS = 0x7f800000;
/** What is added to a float32's bits to change its exponent's bias to float16's and to round, but for ties. */
const REBIAS_AND_ROUND = ((15 - 127) << 23) + 0xfff;
/** Bits of ½, whose last place is 2⁻²⁴ as that of subnormal float16: adding it rounds. */
const HALF_BITS = 0x3f000000;

/** The float16 bit pattern nearest to `value`; the quiet NaN of any NaN. */
export function toFloat16(value: number): number {
  scratch[0] = value;
  return halfOfBits(scratchBits[0] as number);
}

function halfOfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size >= BEYOND) return sign | (size > INFINITY_BITS ? 0x7e00 : 0x7c00);
  if (size < SMALLEST_NORMAL) {
    scratchBits[0] = size;
    scratch[0] = (scratch[0] as number) + 0.5;
    return sign | ((scratchBits[0] as number) - HALF_BITS);
  }
  // A carry out of the fraction correctly raises the exponent, up to infinity.
  return sign | ((size + REBIAS_AND_ROUND + ((size >>> 13) & 1)) >>> 13);
}

/** Float16 bit patterns of many values. */
export function float16Patterns(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = bitsOf(values);
  const patterns = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) patterns[i] = halfOfBits(bits[i] as number);
  return patterns;
}

/** Bfloat16 bit patterns of many values. */
export function bfloat16Patterns(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = bitsOf(values);
  const patterns = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const each = bits[i] as number;
    const notANumber = (each & 0x7fffffff) > INFINITY_BITS;
    patterns[i] = notANumber ? (each >>> 16) | 0x40 : (each + 0x7fff + ((each >>> 16) & 1)) >>> 16;
  }
  return patterns;
}

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Values of bfloat16 bit patterns, exact: the upper halves of float32s. */
export function bfloat16Values(patterns: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) bits[i] = (patterns[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

/** Values of float16 bit patterns, exact. */
export function float16Values(patterns: Uint16Array): Float32Array<ArrayBuffer> {
  float16Table ??= Float32Array.from({ length: 0x10000 }, (_, pattern) => fromFloat16(pattern));
  return looked(float16Table, patterns);
}

/**
 * Values of 8-bit floats, exact.
 * @param exponentBits 5: E5M2, a short float16; 4: E4M3 in its "finite" form, which has no infinity and one NaN per sign
 */
export function float8Values(patterns: Uint8Array, exponentBits: 4 | 5): Float32Array<ArrayBuffer> {
  return looked(
    Float32Array.from({ length: 0x100 }, (_, pattern) => fromFloat8(pattern, exponentBits)),
    patterns,
  );
}

/** All 65,536, 256 kB; made when the first tensor is read. */
let float16Table: Float32Array | undefined;

function looked(table: Float32Array, patterns: Uint8Array | Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) values[i] = table[patterns[i] as number] as number;
  return values;
}

/** The value of a float16 bit pattern, exact. */
export function fromFloat16(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >>> 10) & 0x1f;
  const fraction = pattern & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function fromFloat8(pattern: number, exponentBits: 4 | 5): number {
  if (exponentBits === 5) return fromFloat16(pattern << 8);
  const sign = pattern & 0x80 ? -1 : 1;
  const exponent = (pattern >>> 3) & 0xf;
  const fraction = pattern & 7;
  if (exponent === 0) return sign * fraction * 2 ** -9;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return sign * (8 + fraction) * 2 ** (exponent - 10);
}
