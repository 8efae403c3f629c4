/** The same as assembly/weights.ts where WebAssembly has no SIMD: the same sums in the same order, in typed arrays. */
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import { fromFloat32, toFloat32 } from '../../../formats/safetensors/values.ts';
import { bytesOf, outputIn, type Sums, type WeightKernels } from './kernels.ts';

/** Weights of a block and float32 sums side by side, as in assembly/weights.ts. */
const BLOCK = 1024;
const SIDE_BY_SIDE = 8;

/** Halfway from the largest number of the type to what would follow it: from here on rounding gives infinity. */
const FIRST_INFINITE: Readonly<Record<WeightDtype, number>> = {
  F16: 65520,
  BF16: (2 - 2 ** -8) * 2 ** 127,
  F32: Number.POSITIVE_INFINITY,
};

export const decode = (dtype: WeightDtype, bytes: Uint8Array): Float32Array<ArrayBuffer> =>
  toFloat32({ dtype, shape: [], bytes });

export function plainKernels(): WeightKernels {
  return {
    weightedSum(rows, count, dtype, room) {
      const sums = new Float32Array(count);
      rows.forEach((row, r) => {
        const values = decode(row.dtype, bytesOf(row, count));
        const weight = Math.fround(row.weight);
        if (r === 0) for (let i = 0; i < count; i++) sums[i] = weight * (values[i] as number);
        // A product of two float32 is exact in float64; it is rounded before it is added, as float32 arithmetic does.
        else
          for (let i = 0; i < count; i++) sums[i] = (sums[i] as number) + Math.fround(weight * (values[i] as number));
      });
      return encoded(sums, dtype, outputIn(room, count, dtype));
    },
    gram(rows, count, changes) {
      const values = rows.map((row) => decode(row.dtype, bytesOf(row, count)));
      const [base] = values;
      const vectors =
        changes && base ? values.slice(1).map((row) => row.map((x, i) => x - (base[i] as number))) : values;
      return Float64Array.from(vectors.flatMap((a, i) => vectors.slice(i).map((b) => product(a, b))));
    },
  };
}

/** Rounded to the type, with counts of what is not finite and of what the type cannot hold. @param into of that length */
export function encoded(sums: Float32Array, dtype: WeightDtype, into: Uint8Array<ArrayBuffer>): Sums {
  const first = FIRST_INFINITE[dtype];
  let nonFinite = 0;
  let beyond = 0;
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i] as number;
    if (sum - sum !== 0) nonFinite++;
    else if (Math.abs(sum) >= first) beyond++;
  }
  into.set(fromFloat32(sums, dtype));
  return { bytes: into, nonFinite, beyond };
}

/** Block by block; inside a block in float32, eight sums side by side, which are added up in the kernels' order. */
function product(a: Float32Array, b: Float32Array): number {
  const side = new Float32Array(SIDE_BY_SIDE);
  const at = (lane: number) => side[lane] as number;
  let total = 0;
  for (let from = 0; from < a.length; from += BLOCK) {
    side.fill(0);
    const end = Math.min(a.length, from + BLOCK);
    for (let i = from; i < end; i++) {
      const lane = (i - from) % SIDE_BY_SIDE;
      side[lane] = at(lane) + Math.fround((a[i] as number) * (b[i] as number));
    }
    total += at(0) + at(4) + (at(2) + at(6)) + (at(1) + at(5) + (at(3) + at(7)));
  }
  return total;
}
