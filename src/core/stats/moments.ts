/** Size and spread of many numbers, in parts that can be joined (Chan, Golub & LeVeque 1979). */

export interface Moments {
  /** Finite values; the others are only counted. */
  readonly count: number;
  /** NaN or infinite. */
  readonly notNumbers: number;
  readonly zeros: number;
  readonly mean: number;
  /** Σ(x − mean)². */
  readonly scatter: number;
  /** Σx². */
  readonly squares: number;
  /** +∞ and −∞ of nothing. */
  readonly least: number;
  readonly most: number;
}

export const NO_MOMENTS: Moments = {
  count: 0,
  notNumbers: 0,
  zeros: 0,
  mean: 0,
  scatter: 0,
  squares: 0,
  least: Number.POSITIVE_INFINITY,
  most: Number.NEGATIVE_INFINITY,
};

/** In float64. */
export function momentsOf(values: Float32Array): Moments {
  let [count, zeros, sum, squares] = [0, 0, 0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (x - x !== 0) continue;
    count++;
    if (x === 0) zeros++;
    sum += x;
    squares += x * x;
    if (x < least) least = x;
    if (x > most) most = x;
  }
  const mean = count > 0 ? sum / count : 0;
  let scatter = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (x - x === 0) scatter += (x - mean) * (x - mean);
  }
  return { count, notNumbers: values.length - count, zeros, mean, scatter, squares, least, most };
}

/** The moments of both together. */
export function joinMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  if (count === 0) return { ...NO_MOMENTS, notNumbers: a.notNumbers + b.notNumbers };
  const apart = b.mean - a.mean;
  return {
    count,
    notNumbers: a.notNumbers + b.notNumbers,
    zeros: a.zeros + b.zeros,
    mean: a.mean + (apart * b.count) / count,
    scatter: a.scatter + b.scatter + (apart * apart * a.count * b.count) / count,
    squares: a.squares + b.squares,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  };
}

/** √(Σ(x − mean)²/n). */
export const deviationOf = ({ count, scatter }: Moments): number => (count > 0 ? Math.sqrt(scatter / count) : 0);
