/** Networks between networks: sums of flat weights with shares, and where further networks are seen from a plane of them. */
import { type Plane, type Products, planeOf, type Shadow, shadowOf } from '../../core/stats/plane.ts';

export type Corners = readonly [Float32Array, Float32Array, Float32Array];

/** Σ shareᵢ · θᵢ in float64, rounded once; a network with the share 1 alone comes out as it is. */
export function mixed(parts: readonly { readonly weights: Float32Array; readonly share: number }[]): Float32Array {
  const used = parts.filter(({ share }) => share !== 0);
  const sum = new Float64Array(parts[0]?.weights.length ?? 0);
  for (const { weights, share } of used) {
    // In range: networks of one family have one length.
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + share * (weights[i] as number);
  }
  return Float32Array.from(sum);
}

/** ⟨a − origin, b − origin⟩ in float64. */
function product(a: Float32Array, b: Float32Array, origin: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < origin.length; i++) {
    const start = origin[i] as number;
    sum += ((a[i] as number) - start) * ((b[i] as number) - start);
  }
  return sum;
}

export interface Slice2D {
  readonly plane: Plane;
  readonly shadows: readonly Shadow[];
}

/** Undefined where the three networks lie on a line. */
export function sliceThrough([first, second, third]: Corners, others: readonly Float32Array[]): Slice2D | undefined {
  const products: Products = {
    second: product(second, second, first),
    cross: product(second, third, first),
    third: product(third, third, first),
  };
  const plane = planeOf(products);
  if (!plane) return undefined;
  const shadows = others.map((other) =>
    shadowOf(plane, {
      own: product(other, other, first),
      second: product(other, second, first),
      third: product(other, third, first),
    }),
  );
  return { plane, shadows };
}
