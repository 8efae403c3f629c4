/** Spherical interpolation of two vectors: everything that depends on their direction is one cosine. */

/** Above this |cosine| the arc is so flat that sin ω loses its digits; the chord is used, as mergekit does. */
const FLAT = 0.9995;
/** A vector that is this short has no direction; it enters the cosine as it is. */
const SHORTEST = 1e-8;

/** Cosine of the angle between two vectors, accumulated in float64. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`cosine: ${a.length} entries against ${b.length}`);
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    // In range by the loop's own bound.
    const x = a[i] as number;
    const y = b[i] as number;
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return quotient(squaresA, dot, squaresB);
}

function quotient(squaresA: number, dot: number, squaresB: number): number {
  const normA = Math.sqrt(squaresA);
  const normB = Math.sqrt(squaresB);
  return dot / (normA > SHORTEST ? normA : 1) / (normB > SHORTEST ? normB : 1);
}

/** The same from the inner products of two vectors, [2, 2]. */
export const cosineOfProducts = ([squaresA = 0, dot = 0, , squaresB = 0]: Float64Array): number =>
  quotient(squaresA, dot, squaresB);

/**
 * The two factors of slerp(t, a, b) = (sin((1−t)ω)·a + sin(tω)·b) / sin ω with cos ω = ⟨a,b⟩/(‖a‖‖b‖) (Shoemake 1985);
 * exactly [1, 0] at t = 0 and [0, 1] at t = 1. They act on the vectors themselves, not on their directions.
 * @param flat cosine above which the chord is used
 */
export function arcWeights(t: number, cosine: number, flat = FLAT): readonly [number, number] {
  if (t === 0 || t === 1 || Math.abs(cosine) > flat) return [1 - t, t];
  const angle = Math.acos(cosine);
  const scale = Math.sin(angle);
  return [Math.sin((1 - t) * angle) / scale, Math.sin(t * angle) / scale];
}
