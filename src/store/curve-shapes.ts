/** Curves over depth as an editor draws, moves and scales them. Loaded with the editor. */
import catalogue from 'virtual:catalogue';
import {
  CURVE_GROUPS,
  type Curve,
  clampCurve,
  clampFactor,
  FACTOR,
  factorAt,
  flatCurve,
  MAX_POINTS,
} from '../formats/curves.ts';
import { knownMethod, mergeStep, type Recipe } from '../formats/recipe.ts';
import { curvableControls } from '../formats/recipe-curves.ts';

export type Group = (typeof CURVE_GROUPS)[number];
export type Curves = readonly Curve[];

/** Of every factor, as sliders and boxes want it. */
export const FACTOR_SCALE = { ...FACTOR, snaps: [0, 1] } as const;

/** A control that curves can shape. */
export interface Shapeable {
  readonly key: string;
  readonly symbol: string;
  readonly name: string;
  readonly perExpert: boolean;
}

/** Controls of the recipe's merge step that curves can shape, as its choices stand. */
export function shapeableOf(recipe: Recipe): readonly Shapeable[] {
  const step = mergeStep(recipe, catalogue);
  const { controls } = knownMethod(catalogue, step.method);
  return curvableControls(step, catalogue).flatMap((key) => {
    const control = controls[key];
    return control ? [{ key, symbol: control.symbol, name: control.name, perExpert: control.per === 'expert' }] : [];
  });
}

/** The curves of one control, all with the same number of points: one per block where nothing else was drawn. */
export function curvesOf(recipe: Recipe, { key, perExpert }: Shapeable, blocks: number): Curves {
  const own = mergeStep(recipe, catalogue).curves?.[key];
  const count = perExpert ? recipe.experts.length : 1;
  if (!own) return Array.from({ length: count }, () => flatCurve(Math.min(blocks, MAX_POINTS)));
  const points = Math.max(...own.map((curve) => curve.points.length));
  return own.map((curve) => resampled(curve, points));
}

function resampled(curve: Curve, points: number): Curve {
  if (curve.points.length === points) return curve;
  const at = (k: number) => clampFactor(factorAt(curve, points > 1 ? k / (points - 1) : 0));
  return { ...curve, points: Array.from({ length: points }, (_, k) => at(k)) };
}

/** What a point of so many stands for. */
export function pointName(k: number, points: number, blocks: number): string {
  if (points === blocks) return `block ${k + 1}`;
  return `${Math.round((100 * k) / Math.max(1, points - 1))} % of the depth`;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const changed = (curves: Curves, whose: readonly number[], change: (curve: Curve) => Curve): Curves =>
  curves.map((curve, i) => (whose.includes(i) ? clampCurve(change(curve)) : curve));

/** Height of a point: the mean over the curves that are edited together. */
export const heightAt = (curves: Curves, whose: readonly number[], k: number): number =>
  mean(whose.map((i) => curves[i]?.points[k] ?? 1));

/** Moves points of the curves by the same amount, each within its range. */
export const movedPoints = (curves: Curves, whose: readonly number[], points: readonly number[], by: number): Curves =>
  changed(curves, whose, (curve) => ({
    ...curve,
    points: curve.points.map((factor, k) => (points.includes(k) ? factor + by : factor)),
  }));

export const groupFactor = (curves: Curves, whose: readonly number[], group: Group): number =>
  mean(whose.map((i) => curves[i]?.groups[group] ?? 1));

/** Moves the factor of a group so that its mean over the curves is the wanted one. */
export const withGroupFactor = (curves: Curves, whose: readonly number[], group: Group, wanted: number): Curves => {
  const by = wanted - groupFactor(curves, whose, group);
  return changed(curves, whose, (curve) => ({
    ...curve,
    groups: { ...curve.groups, [group]: curve.groups[group] + by },
  }));
};

/** How far the curves go from 1 at most, 0…1. */
export function strengthOf(curves: Curves, whose: readonly number[]): number {
  const all = whose.flatMap((i) => {
    const curve = curves[i];
    return curve ? [...curve.points, ...Object.values(curve.groups)] : [];
  });
  return Math.max(0, ...all.map((factor) => Math.abs(factor - 1)));
}

/** The same shape with another strength: every factor keeps its share of the way from 1. A flat shape stays flat. */
export function withStrength(curves: Curves, whose: readonly number[], strength: number): Curves {
  const now = strengthOf(curves, whose);
  if (now === 0) return curves;
  const scaled = (factor: number) => 1 + ((factor - 1) * strength) / now;
  return changed(curves, whose, ({ points, groups }) => ({
    points: points.map(scaled),
    groups: {
      attention: scaled(groups.attention),
      mlp: scaled(groups.mlp),
      norm: scaled(groups.norm),
      embedding: scaled(groups.embedding),
    },
  }));
}

export interface CurvePreset {
  readonly name: string;
  readonly make: (points: number) => Curve;
}

/** How far presets go from 1. */
const REACH = 0.8;
const over = (name: string, height: (depth: number) => number): CurvePreset => ({
  name,
  make: (points) => {
    const at = (k: number) => 1 + REACH * height(points > 1 ? k / (points - 1) : 0.5);
    return clampCurve({ ...flatCurve(1), points: Array.from({ length: points }, (_, k) => at(k)) });
  },
});
const only = (group: Group, name: string): CurvePreset => ({
  name,
  make: (points) => ({
    ...flatCurve(points),
    groups: { attention: 0, mlp: 0, norm: 0, embedding: 0, [group]: 1 },
  }),
});

export const CURVE_PRESETS: readonly CurvePreset[] = [
  { name: 'flat', make: flatCurve },
  over('rising', (depth) => 2 * depth - 1),
  over('falling', (depth) => 1 - 2 * depth),
  over('middle', (depth) => 1 - 4 * Math.abs(depth - 0.5)),
  over('ends', (depth) => 4 * Math.abs(depth - 0.5) - 1),
  only('attention', 'only attention'),
  only('mlp', 'only MLP'),
];

/** Gives the curves a shape; the others stay. */
export const withPreset = (curves: Curves, whose: readonly number[], { make }: CurvePreset): Curves =>
  changed(curves, whose, (curve) => make(curve.points.length));

/** Whether the curves have exactly this shape. */
export const hasPreset = (curves: Curves, whose: readonly number[], { make }: CurvePreset): boolean =>
  whose.every((i) => {
    const curve = curves[i];
    if (!curve) return false;
    const wanted = make(curve.points.length);
    const same = CURVE_GROUPS.every((group) => wanted.groups[group] === curve.groups[group]);
    return same && wanted.points.every((factor, k) => factor === curve.points[k]);
  });
