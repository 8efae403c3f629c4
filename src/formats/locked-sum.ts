/** Coefficients whose sum is to stay while one of them moves. */

interface Move {
  /** Of the moved value. */
  readonly place: number;
  readonly value: number;
  /** Of layers: only values of the same group share a sum. */
  readonly groups: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Digits of a coefficient that was moved along: finer than any slider. */
const DIGITS = 4;

/**
 * The values with one of them moved and the others of its group moved against it, in their proportions (alike, where those say
 * nothing), so that the group's sum stays. At the ends of the range the others stop, and so does the moved one.
 */
export function withSumKept(values: readonly number[], { place, value, groups }: Move, range: Range): number[] {
  const own = values.map((_, i) => i).filter((i) => i % groups === place % groups);
  const total = own.reduce((sum, i) => sum + (values[i] ?? 0), 0);
  const others = own.filter((i) => i !== place);
  if (others.length === 0) return [...values];
  const shared = spread(
    others.map((i) => values[i] ?? 0),
    total - clamped(value, range),
    range,
  ).map(rounded);
  const rest = rounded(total - shared.reduce((sum, one) => sum + one, 0));
  return values.map((old, i) => (i === place ? rest : (shared[others.indexOf(i)] ?? old)));
}

/** Values in the same proportions with this sum, as far as the range allows. */
function spread(values: readonly number[], wanted: number, range: Range): number[] {
  let out = values.map((value) => clamped(value, range));
  // Each round meets the sum or brings at least one more value to its limit.
  for (let round = 0; round < values.length; round++) {
    const missing = wanted - out.reduce((sum, one) => sum + one, 0);
    const free = out.map((one) => (missing > 0 ? one < range.max : one > range.min));
    const weight = out.map((one, i) => (free[i] ? Math.abs(one) : 0));
    const weights = weight.reduce((sum, one) => sum + one, 0);
    const count = free.filter(Boolean).length;
    if (Math.abs(missing) < 1e-9 || count === 0) break;
    out = out.map((one, i) => {
      const share = weights > 0 ? (weight[i] ?? 0) / weights : free[i] ? 1 / count : 0;
      return clamped(one + missing * share, range);
    });
  }
  return out;
}

const clamped = (value: number, { min, max }: Range) => Math.min(max, Math.max(min, value));

const rounded = (value: number) => Number(value.toFixed(DIGITS)) || 0;
