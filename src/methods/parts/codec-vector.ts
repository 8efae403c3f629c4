/** A vector in b bits per entry: round-to-nearest on 2^b equal steps between −m and m, m the largest magnitude. */

/** A type rather than an interface, so that it is a `Code` too. */
export type VectorCode = {
  /** m; one number. */
  readonly range: Float32Array;
  /** Steps, b bits each, one after the other, lowest bit first. */
  readonly steps: Uint8Array;
};

/** @param bits 1 to 16 */
export function encodeVector(values: ArrayLike<number>, bits: number): VectorCode {
  const { length } = values;
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  const range = Float32Array.of(largest);
  const steps = new Uint8Array(Math.ceil((length * bits) / 8));
  const count = 2 ** bits;
  const width = (2 * largest) / count;
  for (let i = 0; i < length; i++) {
    const step = width > 0 ? Math.floor(((values[i] as number) + largest) / width) : 0;
    write(steps, i * bits, bits, Math.min(count - 1, Math.max(0, step)));
  }
  return { range, steps };
}

/** The middle of each step: nothing is off by more than m / 2^b. */
export function decodeVector({ range, steps }: VectorCode, length: number, bits: number): Float64Array {
  const largest = range[0] as number;
  const width = (2 * largest) / 2 ** bits;
  return Float64Array.from({ length }, (_, i) => (read(steps, i * bits, bits) + 0.5) * width - largest);
}

function write(bytes: Uint8Array, at: number, bits: number, value: number): void {
  for (let b = 0; b < bits; b++) {
    const place = at + b;
    if ((value >> b) & 1) bytes[place >> 3] = (bytes[place >> 3] as number) | (1 << (place & 7));
  }
}

function read(bytes: Uint8Array, at: number, bits: number): number {
  let value = 0;
  for (let b = 0; b < bits; b++) {
    const place = at + b;
    value |= (((bytes[place >> 3] as number) >> (place & 7)) & 1) << b;
  }
  return value;
}
