/**
 * The plane through three points of a space of many dimensions, by Gram–Schmidt (Garipov et al. 2018, appendix; Li et al. 2018
 * for slices of loss landscapes). Only scalar products are needed, so that the points themselves may lie anywhere.
 */

export interface Plane {
  /** Coordinates of the three points: the first is the origin, the second lies on the first axis. In the unit of the space. */
  readonly corners: readonly [readonly [0, 0], readonly [number, 0], readonly [number, number]];
}

/** Scalar products of the differences to the first point. */
export interface Products {
  /** ⟨p₂ − p₁, p₂ − p₁⟩, ⟨p₂ − p₁, p₃ − p₁⟩, ⟨p₃ − p₁, p₃ − p₁⟩. */
  readonly second: number;
  readonly cross: number;
  readonly third: number;
}

/** Below this part of its length what is left of the third point beside the first axis is rounding. */
const FLAT = 1e-6;

/** Undefined where the three points lie on a line. */
export function planeOf({ second, cross, third }: Products): Plane | undefined {
  const length = Math.sqrt(second);
  if (!(length > 0)) return undefined;
  const along = cross / length;
  const aside = Math.sqrt(Math.max(0, third - along * along));
  if (!(aside > FLAT * Math.sqrt(third))) return undefined;
  return {
    corners: [
      [0, 0],
      [length, 0],
      [along, aside],
    ],
  };
}

/** Shares of the three points, with sum 1, whose sum lies at x, y of the plane. */
export function sharesAt({ corners: [, [length], [along, aside]] }: Plane, x: number, y: number) {
  const third = y / aside;
  const second = (x - third * along) / length;
  return [1 - second - third, second, third] as const;
}

/** Where a further point is seen on the plane, and how far it is from it. */
export interface Shadow {
  readonly x: number;
  readonly y: number;
  readonly distance: number;
}

/** @param products of the point's difference to the first point, with itself and with those of the second and the third */
export function shadowOf(
  { corners: [, [length], [along, aside]] }: Plane,
  products: { readonly own: number; readonly second: number; readonly third: number },
): Shadow {
  const x = products.second / length;
  const y = (products.third - x * along) / aside;
  return { x, y, distance: Math.sqrt(Math.max(0, products.own - x * x - y * y)) };
}
