/**
 * Coefficients measured from the lower end of their box in widths of the box. A density in [0, 1] beside a rank in [1, 64] would
 * make features of very different sizes: the normal matrix loses digits and one ridge penalty means something else for each axis.
 */
import type { Range } from '../point.ts';
import { betaOf, quadraticOf } from './features.ts';
import { dot } from './regression.ts';

/**
 * The box if coefficients have to be changed at all: undefined for [0, 1]ᴺ, whose numbers stay as they are.
 * @throws Error when a side is empty or their number is not that of the coefficients
 */
export function boxToNormalise(box: readonly Range[], coefficients: number): readonly Range[] | undefined {
  if (box.length !== coefficients) throw new Error(`the box has ${box.length} axes; wanted ${coefficients}`);
  const empty = box.findIndex(({ min, max }) => !(max > min && Number.isFinite(max - min)));
  if (empty >= 0) {
    throw new Error(
      `axis ${empty} of the box goes from ${box[empty]?.min} to ${box[empty]?.max}; wanted a finite width`,
    );
  }
  return box.every(({ min, max }) => min === 0 && max === 1) ? undefined : box;
}

/** uᵢ = (cᵢ − minᵢ)/(maxᵢ − minᵢ) */
export function toUnitBox(c: ArrayLike<number>, box: readonly Range[] | undefined): ArrayLike<number> {
  return box ? box.map(({ min, max }, i) => ((c[i] ?? 0) - min) / (max - min)) : c;
}

/**
 * β over the coefficients themselves, from β over the unit box: the same polynomial, written out. With u = S(c − m):
 * A′ = SAS, b′ = Sb − A′m, e′ = e − ½mᵀ(Sb + b′).
 */
export function fromUnitBox(beta: Float64Array, box: readonly Range[] | undefined): Float64Array {
  if (!box) return beta;
  const n = box.length;
  const { a, b, e } = quadraticOf(beta, n);
  const scale = box.map(({ min, max }) => 1 / (max - min));
  const curvature = a.map((value, at) => value * (scale[Math.floor(at / n)] ?? 1) * (scale[at % n] ?? 1));
  const slope = b.map((value, i) => value * (scale[i] ?? 1));
  const from = box.map(({ min }) => min);
  const moved = slope.map((value, i) => value - dot(from, curvature.subarray(i * n, (i + 1) * n)));
  return betaOf({ a: curvature, b: moved, e: e - (dot(from, slope) + dot(from, moved)) / 2 });
}
