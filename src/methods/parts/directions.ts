/** Averages on the sphere. Directions that are sums of the given vectors need no more than their lengths and cosines. */

/** Of T vectors. */
export interface Directions {
  readonly lengths: Float64Array;
  /** [T, T], row-major; 1 on the diagonal, also for a vector without length, which has cosine 0 to every other. */
  readonly cosines: Float64Array;
}

/** Lengths and cosines, accumulated in float64. */
export function directionsOf(vectors: readonly Float32Array[]): Directions {
  // In range by the loops' own bounds, here and below.
  return directions(vectors.length, (s, t) => product(vectors[s] as Float32Array, vectors[t] as Float32Array));
}

/** The same from the inner products, [T, T] row-major. */
export function directionsOfProducts(products: Float64Array): Directions {
  const count = Math.sqrt(products.length);
  return directions(count, (s, t) => products[s * count + t] as number);
}

function directions(count: number, dot: (s: number, t: number) => number): Directions {
  const lengths = Float64Array.from({ length: count }, (_, t) => Math.sqrt(dot(t, t)));
  const cosines = new Float64Array(count * count);
  for (let s = 0; s < count; s++) {
    for (let t = 0; t <= s; t++) {
      const scale = (lengths[s] as number) * (lengths[t] as number);
      const cosine = s === t || scale === 0 ? 0 : dot(s, t) / scale;
      cosines[s * count + t] = cosines[t * count + s] = s === t ? 1 : cosine;
    }
  }
  return { lengths, cosines };
}

function product(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`directionsOf: ${a.length} entries against ${b.length}`);
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

/** A direction shorter than this is what rounding left of one that vanished. */
const VANISHED = 1e-8;
/** Below this the mean of unit vectors is no start: the first of them is, as in mergekit. */
const NO_START = 1e-5;
/** Sine of the angle to a vector that lies at the opposite pole: nearer to it, coordinates lose their digits. */
const POLE = 1e-4;

/** ⟨Σ a_t u_t, u_s⟩ for every s, over unit vectors u. */
function onto(coordinates: readonly number[], cosines: Float64Array): number[] {
  const count = coordinates.length;
  return coordinates.map((_, s) =>
    coordinates.reduce((sum, value, t) => sum + value * (cosines[s * count + t] as number), 0),
  );
}

function lengthOf(coordinates: readonly number[], cosines: Float64Array): number {
  const products = onto(coordinates, cosines);
  return Math.sqrt(
    Math.max(
      0,
      coordinates.reduce((sum, value, t) => sum + value * (products[t] as number), 0),
    ),
  );
}

/**
 * Factors of the vectors in m·N, with m = Σ w_t u_t / ‖Σ w_t u_t‖ the renormalised mean of the directions u_t and N = Σ w_t ‖x_t‖ the
 * mean of the lengths. Where the directions cancel, the straight mean: the factors are the weights.
 */
export function renormalisedMean({ lengths, cosines }: Directions, weights: readonly number[]): number[] {
  const directed = weights.map((weight, t) => (lengths[t] === 0 ? 0 : weight));
  const length = lengthOf(directed, cosines);
  if (length < VANISHED) return [...weights];
  return asFactors(directed, length, lengths, weights);
}

/**
 * Factors of the vectors in u·N, with u the Fréchet (Karcher) mean of the directions on the sphere, where Σ α_t log_u(u_t) = 0, and
 * N = Σ α_t ‖x_t‖: steps along the mean tangent from the renormalised mean. Vectors without length have no direction but count in N.
 * @param weights α ≥ 0 with sum 1
 * @param rounds largest number of steps
 * @param tolerance length of the mean tangent (radians) at which the steps end
 */
export function karcherMean(
  { lengths, cosines }: Directions,
  weights: readonly number[],
  rounds: number,
  tolerance: number,
): number[] {
  const total = weights.reduce((sum, weight, t) => (lengths[t] === 0 ? sum : sum + weight), 0);
  if (total === 0) return weights.map(() => 0);
  const alphas = weights.map((weight, t) => (lengths[t] === 0 ? 0 : weight / total));
  const first = alphas.findIndex((alpha) => alpha > 0);
  let mean = lengthOf(alphas, cosines) < NO_START ? alphas.map((_, t) => (t === first ? 1 : 0)) : alphas;
  let length = lengthOf(mean, cosines);
  for (let round = 0; round < rounds; round++) {
    mean = mean.map((value) => value / length);
    length = 1;
    const tangent = meanTangent(mean, alphas, cosines, tolerance);
    const angle = lengthOf(tangent, cosines);
    if (angle < tolerance) break;
    mean = mean.map((value, t) => Math.cos(angle) * value + (Math.sin(angle) / angle) * (tangent[t] as number));
    length = lengthOf(mean, cosines);
  }
  return asFactors(mean, length, lengths, weights);
}

/** Σ α_t ω_t / sin ω_t · (u_t − cos ω_t · u), in coordinates over the u_t. */
function meanTangent(mean: readonly number[], alphas: readonly number[], cosines: Float64Array, tolerance: number) {
  const products = onto(mean, cosines).map((value) => Math.min(1, Math.max(-1, value)));
  const scales = alphas.map((alpha, t) => {
    const angle = Math.acos(products[t] as number);
    const sine = Math.sin(angle);
    // The opposite pole lies in every direction: it pulls in none.
    return angle < tolerance || (angle > 1 && sine < POLE) ? 0 : (alpha * angle) / sine;
  });
  const back = scales.reduce((sum, scale, t) => sum + scale * (products[t] as number), 0);
  return mean.map((value, t) => (scales[t] as number) - back * value);
}

/** From coordinates over directions to factors of the vectors themselves: exactly 1 where one vector is the mean. */
function asFactors(
  coordinates: readonly number[],
  length: number,
  lengths: Float64Array,
  weights: readonly number[],
): number[] {
  const size = weights.reduce((sum, weight, t) => sum + weight * (lengths[t] as number), 0);
  return coordinates.map((value, t) => (value === 0 ? 0 : (value * size) / ((lengths[t] as number) * length)));
}
