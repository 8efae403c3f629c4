/**
 * Recipes as mergekit configurations. Facts about mergekit's parameters: its guide to merge methods, and its code where the two
 * differ (arcee-ai/mergekit). What it has no word for is told, never approximated in silence.
 */
import { Document } from 'yaml';
import type { Catalogue } from '../methods/metadata.ts';
import type { Curves } from './curves.ts';
import { leftOut, type Setting, settingOf } from './mergekit-shape.ts';
import { type ControlValue, groupsOf, knownMethod, mergeStep, type Recipe, type Step } from './recipe.ts';
import { countingCurves } from './recipe-curves.ts';

export interface MergekitNames {
  /** Path or hub id of each expert's model; `./experts/<id>` where none is given. */
  readonly models?: Readonly<Record<string, string>>;
  /** Path or hub id of the base model. */
  readonly base?: string;
  /** Of the merged weights. */
  readonly dtype?: string;
}

export type MergekitResult =
  | {
      readonly kind: 'config';
      /** YAML. */
      readonly text: string;
      /** What of the recipe the configuration cannot say, a sentence each; empty when both mean the same. */
      readonly inexact: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

const BASE = './base';
const DTYPE = 'bfloat16';
/** PyYAML reads 1e-7 as a text: numbers are written with six decimals. */
const DECIMALS = 1e6;

/** A coefficient as a configuration can hold it. */
export function roundedForYaml(value: number): number {
  const rounded = Math.round(value * DECIMALS) / DECIMALS;
  return rounded === 0 ? 0 : rounded;
}

/** What one chain of steps is called by mergekit, and with which parameters. */
interface Translation {
  readonly method: string;
  /** Whose weights the result starts from; none where only the models are averaged. */
  readonly base?: string;
  /** Per model, in the order of the experts. */
  readonly perModel: readonly Readonly<Record<string, Setting>>[];
  readonly parameters: Readonly<Record<string, Setting | boolean>>;
  readonly inexact: readonly string[];
}

interface Context {
  readonly recipe: Recipe;
  readonly names: MergekitNames;
  readonly drop: Step | undefined;
  /** Of the controls that count. */
  readonly curves: Curves;
  /** Parts of names of tensors that keep the base's weights. */
  readonly out: readonly string[];
}

type Translate = (step: Step, context: Context) => Translation;

const TRANSLATIONS: Readonly<Record<string, Translate>> = {
  'weight-average': (step, { recipe, curves }) => ({
    method: 'linear',
    perModel: perExpert(step, recipe, 'weight', curves).map((weight) => ({ weight })),
    parameters: { normalize: step.controls.normalize !== 'no' },
    inexact: [],
  }),
  'task-arithmetic': (step, { recipe, names, drop, curves, out }) => ({
    method: drop ? 'dare_linear' : 'task_arithmetic',
    base: names.base ?? BASE,
    perModel: perExpert(step, recipe, 'lambda', curves, out).map((weight) => ({ ...densityOf(drop), weight })),
    parameters: { normalize: false, ...rescaleOf(drop), lambda: 1 },
    inexact: dropRemarks(drop),
  }),
  slerp: (step, { recipe, names, curves }) => {
    const t = shaped(step, 't', curves);
    if (step.controls.space === 'task-vectors') {
      const remark =
        'Changes whose directions are nearly the same are joined on a straight line above a cosine of 0.9995; mergekit’s nuslerp does so only where they are parallel.';
      const perModel = [{ weight: shaped(step, 't', curves, [], (value) => 1 - value) }, { weight: t }];
      return { method: 'nuslerp', base: names.base ?? BASE, perModel, parameters: {}, inexact: [remark] };
    }
    const first = modelName(recipe.experts[0] ?? '', names);
    // mergekit calls the end at t = 0 the base model.
    return { method: 'slerp', base: first, perModel: recipe.experts.map(() => ({})), parameters: { t }, inexact: [] };
  },
  ties: (step, { recipe, names, drop, curves, out }) => {
    const weighted = step.controls.weighting === 'before-election';
    const weights = weighted ? perExpert(step, recipe, 'weight', curves) : recipe.experts.map(() => 1);
    const density = drop ? densityOf(drop) : { density: single(step, 'density') };
    return {
      method: drop ? 'dare_ties' : 'ties',
      base: names.base ?? BASE,
      perModel: weights.map((weight) => ({ ...density, weight })),
      parameters: {
        normalize: step.controls.merge !== 'sum',
        ...rescaleOf(drop),
        lambda: shaped(step, 'lambda', curves, out),
      },
      inexact: [...electionRemarks(step, drop, weighted), ...dropRemarks(drop)],
    };
  },
};

/** A step before the merge that mergekit has as a parameter of the merge. */
const DROP = 'dare';
/** What the drop may stand before. */
const AFTER_DROP: readonly string[] = ['task-arithmetic', 'ties'];

/** Merges whose result is the base where the coefficients are 0: only these can leave tensors out. */
const FROM_BASE: readonly string[] = ['task-arithmetic', 'ties'];

/**
 * The recipe as a mergekit configuration; its coefficients become `weight` (λ of TIES without weights: `lambda`; t: `t`).
 * @param names where the models lie; placeholders without it
 */
export function mergekitConfig(recipe: Recipe, catalogue: Catalogue, names: MergekitNames = {}): MergekitResult {
  const step = mergeStep(recipe, catalogue);
  const drop = recipe.chain.find(({ method }) => method === DROP);
  const translate = Object.hasOwn(TRANSLATIONS, step.method) ? TRANSLATIONS[step.method] : undefined;
  const name = knownMethod(catalogue, step.method).name;
  if (!translate) {
    const known = Object.keys(TRANSLATIONS).map(
      (id) => catalogue.methods.find((method) => method.id === id)?.name ?? id,
    );
    return refused(`mergekit has no counterpart of ${name}: choose one of ${known.join(', ')}.`);
  }
  if (drop && !AFTER_DROP.includes(step.method)) {
    return refused(
      `mergekit cannot drop changes at random before ${name}: leave that step out, or choose another merge.`,
    );
  }
  const groups = groupsOf(step, catalogue);
  if (groups > 1) {
    return refused(
      `mergekit cannot hold ${groups} coefficients per expert, one for each group of layers: the lists that it takes are interpolated from layer to layer. Set the mix to one group of layers.`,
    );
  }
  const left = recipe.chain.filter((other) => other !== step && other !== drop);
  const { parts, inexact: beyond } = leftOut(step.filter);
  const curves = countingCurves(step, catalogue) ?? {};
  const translation = translate(step, { recipe, names, drop, curves, out: parts });
  const inexact = [
    ...translation.inexact,
    ...shapeRemarks(curves, parts, beyond, FROM_BASE.includes(step.method)),
    ...left.map(
      ({ method }) => `${knownMethod(catalogue, method).name} is left out: mergekit has no counterpart of it.`,
    ),
  ];
  return { kind: 'config', text: write(translation, recipe, names), inexact };
}

/** Weighted task vectors of models of which only the names are known. */
export function namedConfig(models: readonly { readonly name: string; readonly weight: number }[]): string {
  return yamlText({
    merge_method: 'task_arithmetic',
    base_model: BASE,
    models: models.map(({ name, weight }) => ({ model: `./experts/${name}`, parameters: { weight } })),
    parameters: { normalize: false, lambda: 1 },
    dtype: DTYPE,
  });
}

function refused(reason: string): MergekitResult {
  return { kind: 'refused', reason };
}

function modelName(expert: string, { models = {} }: MergekitNames): string {
  return (Object.hasOwn(models, expert) ? models[expert] : undefined) ?? `./experts/${expert}`;
}

function write({ method, base, perModel, parameters }: Translation, recipe: Recipe, names: MergekitNames): string {
  const models = recipe.experts.map((expert, i) => {
    const own = perModel[i] ?? {};
    return { model: modelName(expert, names), ...(Object.keys(own).length > 0 ? { parameters: own } : {}) };
  });
  return yamlText({
    merge_method: method,
    ...(base === undefined ? {} : { base_model: base }),
    models,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    dtype: names.dtype ?? DTYPE,
  });
}

function yamlText(content: object): string {
  // mergekit reads YAML 1.1, where a path called "no" is false unless it is quoted.
  return new Document(content, { compat: 'yaml-1.1', aliasDuplicateObjects: false }).toString({ lineWidth: 0 });
}

// ---------------------------------------------------------------- controls

function numberOf(value: ControlValue | undefined): number {
  return roundedForYaml(typeof value === 'number' ? value : 0);
}

function single(step: Step, key: string): number {
  return numberOf(step.controls[key]);
}

/** A number of the whole method with its curve. */
function shaped(
  step: Step,
  key: string,
  curves: Curves,
  out: readonly string[] = [],
  write = (value: number) => value,
): Setting {
  const value = step.controls[key];
  const plain = typeof value === 'number' ? value : 0;
  return settingOf(plain, curves[key]?.[0], out, (one) => roundedForYaml(write(one)));
}

function perExpert(
  step: Step,
  recipe: Recipe,
  key: string,
  curves: Curves,
  out: readonly string[] = [],
): readonly Setting[] {
  const value = step.controls[key];
  return recipe.experts.map((_, i) => {
    const plain = (typeof value === 'object' ? value[i] : undefined) ?? 0;
    return settingOf(plain, curves[key]?.[i], out, roundedForYaml);
  });
}

function densityOf(drop: Step | undefined): Readonly<Record<string, number>> {
  return drop ? { density: roundedForYaml(1 - single(drop, 'p')) } : {};
}

function rescaleOf(drop: Step | undefined): Readonly<Record<string, boolean>> {
  return drop ? { rescale: drop.controls.rescale !== 'none' } : {};
}

// ---------------------------------------------------------------- remarks

function dropRemarks(drop: Step | undefined): string[] {
  if (!drop || single(drop, 'p') === 0) return [];
  const random = 'The dropped weights differ: mergekit draws its own random numbers, here the seed decides.';
  if (drop.controls.rescale !== 'inverse') return [random];
  return [random, 'mergekit enlarges what is kept to the old size of each tensor, here it is divided by 1 − p.'];
}

function shapeRemarks(curves: Curves, parts: readonly string[], beyond: boolean, fromBase: boolean): string[] {
  const grouped = Object.values(curves)
    .flat()
    .some(({ groups }) => Object.values(groups).some((factor) => factor !== 1));
  const told: string[] = [];
  if (grouped || (fromBase && parts.length > 0)) {
    told.push(
      'mergekit tells groups of tensors by parts of their names (norm, attn, mlp, embed): check that yours have them.',
    );
  }
  if (!fromBase && (parts.length > 0 || beyond))
    told.push('The filter is left out: in mergekit this merge has no base whose tensors could stay.');
  else if (beyond) told.push('The filter is only written in part: mergekit tells tensors by one part of their name.');
  return told;
}

function electionRemarks(step: Step, drop: Step | undefined, weighted: boolean): string[] {
  const { merge, trim } = step.controls;
  const remarks: string[] = [];
  const trims = single(step, 'density') < 1;
  if (drop && trims) {
    remarks.push(
      `The trimming to ${single(step, 'density')} is left out: mergekit’s dare_ties drops at random and does not trim.`,
    );
  } else if (trims && trim === 'global') {
    remarks.push('mergekit trims each tensor by itself, here one threshold holds for the whole network.');
  }
  if (merge === 'max') remarks.push('Joining by the largest change is not in mergekit; the mean is written instead.');
  if (!weighted)
    remarks.push('Where changes cancel exactly, mergekit elects +, here the sign that most weights elected.');
  return remarks;
}
