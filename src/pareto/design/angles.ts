/**
 * Directions of coefficient vectors: hyperspherical angles and equal bins of them, as Bayesian MAP samples by (Li et al. 2024,
 * arXiv 2406.07529). x₁ = r·cos φ₁, x_k = r·(∏_{j<k} sin φ_j)·cos φ_k, x_N = r·∏ sin φ_j; in the first orthant φ ∈ [0, π/2].
 */

export interface Direction {
  readonly radius: number;
  /** φ₁ … φ_{N−1} */
  readonly angles: readonly number[];
}

const RIGHT = Math.PI / 2;

/** φ_i = atan2(√Σ_{j>i} c_j², c_i). The sign of the last coordinate is lost: meant for c ≥ 0. */
export function toDirection(c: readonly number[]): Direction {
  let tail = Math.abs(c.at(-1) ?? 0);
  const angles: number[] = [];
  for (let i = c.length - 2; i >= 0; i--) {
    angles.unshift(Math.atan2(tail, c[i] ?? 0));
    tail = Math.hypot(tail, c[i] ?? 0);
  }
  return { radius: tail, angles };
}

export function fromDirection({ radius, angles }: Direction): number[] {
  let rest = radius;
  const c = angles.map((angle) => {
    const coordinate = rest * Math.cos(angle);
    rest *= Math.sin(angle);
    return coordinate;
  });
  return [...c, rest];
}

/** Equal bins of each angle, and so binsPerAngle^(N−1) joint ones. */
export interface Bins {
  readonly coefficients: number;
  readonly perAngle: number;
  readonly count: number;
}

/** As published: four bins of an angle for N < 4, two for more. Beyond N = 6 most of them stay empty. */
export function binsOf(coefficients: number, perAngle = coefficients < 4 ? 4 : 2): Bins {
  return { coefficients, perAngle, count: perAngle ** Math.max(0, coefficients - 1) };
}

/**
 * The joint bin of c. Bins are half-open but for the last of each angle, which holds φ = π/2: as published, a lone last expert
 * belonged to no bin.
 * @returns undefined for 0, which has no direction, and for points outside the first orthant
 */
export function binOf({ coefficients, perAngle }: Bins, c: readonly number[]): number | undefined {
  if (c.length !== coefficients) throw new Error(`a point has ${c.length} coefficients; the bins have ${coefficients}`);
  const { radius, angles } = toDirection(c);
  if (!(radius > 0) || c.some((x) => x < 0)) return undefined;
  return angles.reduce((index, angle) => {
    const digit = Math.min(perAngle - 1, Math.floor((angle / RIGHT) * perAngle));
    return index * perAngle + digit;
  }, 0);
}

/** Where each angle of a joint bin begins and ends, in radians. */
export function boundsOf({ coefficients, perAngle }: Bins, bin: number): { min: number; max: number }[] {
  const width = RIGHT / perAngle;
  return Array.from({ length: coefficients - 1 }, (_, i) => {
    const digit = Math.floor(bin / perAngle ** (coefficients - 2 - i)) % perAngle;
    return { min: digit * width, max: (digit + 1) * width };
  });
}
