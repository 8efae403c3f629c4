/** IEEE 754 half-precision and bfloat16 bit patterns ↔ float32 values, without a platform Float16Array. */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The float16 bit pattern nearest to `value`; ties go to the even pattern, overflow to infinity, NaN to the quiet NaN. */
export function toFloat16(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const halfExponent = exponent - 127 + 15;
  if (halfExponent >= 31) return sign | 0x7c00;
  if (halfExponent <= 0) {
    // Subnormal or zero: below 2^-25 everything rounds to zero.
    if (halfExponent < -10) return sign;
    return sign | roundedShift(fraction | 0x800000, 14 - halfExponent);
  }
  // A carry out of the fraction correctly raises the exponent, up to infinity.
  return sign | ((halfExponent << 10) + roundedShift(fraction, 13));
}

/** `value` / 2^shift, rounded to nearest, ties to even. */
function roundedShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
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

/** The value of a bfloat16 bit pattern: the upper half of a float32. */
export function fromBfloat16(pattern: number): number {
  scratchBits[0] = pattern << 16;
  return scratch[0] as number;
}

/** The bfloat16 bit pattern nearest to `value`; ties go to the even pattern, NaN to the quiet NaN. */
export function toBfloat16(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0] as number;
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/**
 * The value of an 8-bit float, exact.
 * @param exponentBits 5: E5M2, a short float16; 4: E4M3 in its "finite" form, which has no infinity and one NaN per sign
 */
export function fromFloat8(pattern: number, exponentBits: 4 | 5): number {
  if (exponentBits === 5) return fromFloat16(pattern << 8);
  const sign = pattern & 0x80 ? -1 : 1;
  const exponent = (pattern >>> 3) & 0xf;
  const fraction = pattern & 7;
  if (exponent === 0) return sign * fraction * 2 ** -9;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return sign * (8 + fraction) * 2 ** (exponent - 10);
}
