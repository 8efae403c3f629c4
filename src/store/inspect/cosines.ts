/** What follows from the scalar products of a survey: cosines, lengths of changes, distances. */
import type { TensorSurvey } from '../../client/protocol.ts';
import type { SeenModel } from './subject.ts';

export type Kind = 'changes' | 'weights';

/** Σ of the tensors' scalar products, [models, models]; tensors that are not in all models are left out. */
function products(tensors: readonly TensorSurvey[], kind: Kind, count: number) {
  const sum = new Float64Array(count * count);
  let used = 0;
  for (const tensor of tensors) {
    const own = tensor[kind];
    if (!own || own.some(Number.isNaN)) continue;
    used++;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (own[i] ?? 0);
  }
  return { sum, used };
}

export interface CosineMatrix {
  /** Those whose cosines make sense: of changes all but the base. */
  readonly models: readonly SeenModel[];
  /** −1…1 by row and column; NaN of a model without a change. */
  readonly values: readonly (readonly number[])[];
  /** Tensors that all of them have. */
  readonly tensors: number;
}

export function cosineMatrix(tensors: readonly TensorSurvey[], models: readonly SeenModel[], kind: Kind): CosineMatrix {
  const { sum, used } = products(tensors, kind, models.length);
  const at = (i: number, j: number) => sum[i * models.length + j] ?? Number.NaN;
  const shown = models.flatMap((model, i) => (kind === 'changes' && model.role === 'base' ? [] : [i]));
  return {
    models: shown.flatMap((i) => models[i] ?? []),
    values: shown.map((i) => shown.map((j) => at(i, j) / Math.sqrt(at(i, i) * at(j, j)))),
    tensors: used,
  };
}

/** ‖τ‖ and ‖τ‖/‖θ₀‖ of a model's change in these tensors; null without a base that has them. */
export function changeOf(tensors: readonly TensorSurvey[], models: readonly SeenModel[], model: number) {
  const base = models.findIndex(({ role }) => role === 'base');
  if (base < 0) return null;
  let [squares, start, any] = [0, 0, false];
  for (const { changes, weights } of tensors) {
    const own = changes?.[model * models.length + model];
    const from = weights[base * models.length + base];
    if (own === undefined || from === undefined || Number.isNaN(own + from)) continue;
    squares += own;
    start += from;
    any = true;
  }
  return any ? { norm: Math.sqrt(squares), relative: Math.sqrt(squares / start) } : null;
}

export interface LayerGroup {
  /** "in", "1", "2", …, "out". */
  readonly name: string;
  readonly tensors: readonly TensorSurvey[];
}

/** Tensors by the first number in their names, which is that of their layer; those without lie before or behind. */
export function layersOf(tensors: readonly TensorSurvey[]): readonly LayerGroup[] {
  const layers = new Map<number, TensorSurvey[]>();
  for (const survey of tensors) {
    const { name, depth } = survey.tensor;
    const found = name.split('.').find((part) => /^\d+$/.test(part));
    const layer = found === undefined ? (depth !== null && depth > 0.5 ? Number.POSITIVE_INFINITY : -1) : Number(found);
    layers.set(layer, [...(layers.get(layer) ?? []), survey]);
  }
  return [...layers]
    .sort(([a], [b]) => a - b)
    .map(([layer, own]) => ({
      name: layer < 0 ? 'in' : Number.isFinite(layer) ? `${layer + 1}` : 'out',
      tensors: own,
    }));
}
