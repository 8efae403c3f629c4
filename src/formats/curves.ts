/**
 * Coefficients that differ over depth: a curve multiplies a control's value by a factor that is piecewise linear from the input to the
 * output, times a factor for each group of tensors. The plain value is then the strength of a shape that stays as it is while MAP or
 * a slider moves the value.
 */
import type { MethodMetadata } from '../methods/metadata.ts';
import type { TensorFilter } from './tensor-filter.ts';

/** In the order in which factors are written. */
export const CURVE_GROUPS = ['attention', 'mlp', 'norm', 'embedding'] as const;
type CurveGroup = (typeof CURVE_GROUPS)[number];

export interface Curve {
  /** Factors at equally spaced depths: the first at the input, the last at the output. At least one. */
  readonly points: readonly number[];
  /** Further factors, by group of tensors. */
  readonly groups: Readonly<Record<CurveGroup, number>>;
}

/** By control of the merge step: one curve for each expert in the recipe's order, or a single one of a control of the whole method. */
export type Curves = Readonly<Record<string, readonly Curve[]>>;

/** Of a factor. Never below 0: a curve changes how much, the value itself says in which direction. */
export const FACTOR = { min: 0, max: 2, step: 0.05, default: 1 } as const;
/** About as many blocks as the deepest networks have that are merged by curves. */
export const MAX_POINTS = 64;
/** Finer than any handle. */
const DECIMALS = 1e4;

export const flatCurve = (points: number): Curve => ({
  points: Array.from({ length: points }, () => 1),
  groups: { attention: 1, mlp: 1, norm: 1, embedding: 1 },
});

export function isNeutral({ points, groups }: Curve): boolean {
  return points.every((factor) => factor === 1) && CURVE_GROUPS.every((group) => groups[group] === 1);
}

/** A valid factor: finite, in range and with four decimals. What is no number is 1. */
export function clampFactor(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return FACTOR.default;
  return Math.min(FACTOR.max, Math.max(FACTOR.min, Math.round(value * DECIMALS) / DECIMALS)) || 0;
}

export function clampCurve({ points, groups }: Curve): Curve {
  const [attention, mlp, norm, embedding] = CURVE_GROUPS.map((group) => clampFactor(groups[group]));
  const factors = points.slice(0, MAX_POINTS).map(clampFactor);
  return {
    points: factors.length > 0 ? factors : [FACTOR.default],
    groups: { attention: attention ?? 1, mlp: mlp ?? 1, norm: norm ?? 1, embedding: embedding ?? 1 },
  };
}

/** The factor at a depth 0…1, without that of a group. */
export function factorAt({ points }: Pick<Curve, 'points'>, depth: number): number {
  const at = Math.min(1, Math.max(0, depth)) * (points.length - 1);
  const before = Math.floor(at);
  const from = points[before] ?? 1;
  const to = points[before + 1] ?? from;
  // Exact where a point stands, and where both ends are equal.
  return from + (at - before) * (to - from);
}

/** The factor of a tensor. */
export const factorOf = (curve: Curve, { depth, group }: { readonly depth: number; readonly group: CurveGroup }) =>
  factorAt(curve, depth) * curve.groups[group];

/**
 * Whether a curve can shape a control: a number that acts only where weights are combined, and of which 0 is the neutral end. A
 * network of another depth has other layers than its experts: there is no curve over them.
 */
export function isCurvable(
  { kind, changesDepth }: Shaped,
  control: MethodMetadata['controls'][string] | undefined,
): boolean {
  if (kind !== 'merge' || changesDepth || !control || control.kind === 'choice') return false;
  return control.stage === 'combine' && !control.integer && control.min <= 0 && control.max > 0;
}

type Shaped = Pick<MethodMetadata, 'kind' | 'changesDepth'>;

/** Curves as a recipe holds them: clamped, one per expert, and only those that change something; undefined when none does. */
export function cleanCurves(
  method: Pick<MethodMetadata, 'kind' | 'changesDepth' | 'controls'>,
  experts: number,
  given: Curves,
): Curves | undefined {
  const kept = Object.entries(given).flatMap(([key, curves]) => {
    const control = Object.hasOwn(method.controls, key) ? method.controls[key] : undefined;
    if (!control || !isCurvable(method, control)) return [];
    const own = curves.slice(0, control.per === 'expert' ? experts : 1).map(clampCurve);
    const shaping = own.filter((curve) => !isNeutral(curve));
    // A curve that changes nothing is one merge however many points it has: it gets as many as its neighbours.
    const flat = flatCurve(Math.max(1, ...shaping.map(({ points }) => points.length)));
    const whole = Array.from({ length: control.per === 'expert' ? experts : 1 }, (_, i) => {
      const curve = own[i];
      return curve && !isNeutral(curve) ? curve : flat;
    });
    return shaping.length === 0 ? [] : [[key, whole] as const];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** What of a merge step says where it acts: its curves and its filter. */
export interface Shape {
  readonly curves?: Curves;
  readonly filter?: TensorFilter;
}

/**
 * The shape of one merge step for another: curves of the same controls, and the filter.
 * @param places of the new step's experts in the old one, −1 for those that were not there
 */
export function carriedShape(from: Shape, to: MethodMetadata, places: readonly number[]): Shape {
  if (to.kind !== 'merge' || to.changesDepth) return {};
  const moved = Object.entries(from.curves ?? {}).map(([key, curves]) => {
    const per = to.controls[key]?.per;
    const points = curves[0]?.points.length ?? 1;
    return [key, per === 'expert' ? places.map((place) => curves[place] ?? flatCurve(points)) : curves] as const;
  });
  const curves = cleanCurves(to, places.length, Object.fromEntries(moved));
  return { ...(curves && { curves }), ...(from.filter && { filter: from.filter }) };
}
