/** Quadratics that the measurements leave possible: what Thompson sampling searches instead of the best one. */
import type { Random } from '../../core/random/counter.ts';
import type { Surrogate } from './predict.ts';
import { backward } from './regression.ts';
import { fromUnitBox } from './unit-box.ts';

/** Whether the points leave any freedom to estimate how far the quadratic may be off: more points than unknowns. */
export function hasDispersion(surrogate: Surrogate): boolean {
  return Number.isFinite(surrogate.dispersion);
}

/**
 * β ~ N(β̂, s²(LLᵀ)⁻¹), as β̂ + s·L⁻ᵀε with ε standard normal.
 * @returns over the coefficients themselves, in the order of `features`
 * @throws Error when there are only as many points as unknowns
 */
export function drawBeta(surrogate: Surrogate, random: Random): Float64Array {
  const { beta, factor, dispersion, points, box } = surrogate;
  if (!hasDispersion(surrogate)) {
    throw new Error(`${points} points do not tell how far the surrogate may be off; wanted more than ${beta.length}`);
  }
  const scale = Math.sqrt(dispersion);
  const noise = Float64Array.from(beta, () => scale * random.normal());
  // Linear in β, so that the draw's distance from β̂ may be stretched to the box on its own.
  const away = fromUnitBox(backward(factor, noise), box);
  return beta.map((value, i) => value + (away[i] ?? 0));
}

/** The surrogate with a drawn quadratic. Its quality and its band stay those of the fit. */
export function drawSurrogate(surrogate: Surrogate, random: Random): Surrogate {
  return { ...surrogate, beta: drawBeta(surrogate, random) };
}
