/**
 * Recipes as mergekit configurations. Facts about mergekit's parameters: its guide to merge methods, and its code where the two
 * differ (arcee-ai/mergekit). What it has no word for is told, never approximated in silence.
 */
import { Document } from 'yaml';
import type { MergekitForm, MergekitJoin, MergekitRemark } from '../../methods/mergekit.ts';
import type { Catalogue, Mergekit, MethodMetadata } from '../../methods/metadata.ts';
import { type ControlValue, groupsOf, knownMethod, mergeStep, type Recipe, type Step } from '../recipe.ts';
import { isList, roundedForYaml, type Shape, shapeOf, shapeRemarks, valuesOf, type Written } from './values.ts';

/** What recipes are translated by. */
export interface Dictionary {
  readonly catalogue: Catalogue;
  readonly mergekit: Mergekit;
}

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

/** A step before the merge that mergekit has as one method with it. */
interface Joined {
  readonly step: Step;
  readonly join: MergekitJoin;
}

/**
 * The recipe as a mergekit configuration, by what its methods say of mergekit.
 * @param dictionary the methods, and what mergekit has in their place
 * @param names where the models lie; placeholders without it
 */
export function mergekitConfig(recipe: Recipe, dictionary: Dictionary, names: MergekitNames = {}): MergekitResult {
  const { catalogue, mergekit } = dictionary;
  const step = mergeStep(recipe, catalogue);
  const method = knownMethod(catalogue, step.method);
  const forms = mergekit.merges[method.id] ?? [];
  if (forms.length === 0) {
    const known = catalogue.methods.filter(({ id }) => id in mergekit.merges).map(({ name }) => name);
    return refused(`mergekit has no counterpart of ${method.name}: choose one of ${known.join(', ')}.`);
  }
  const form = forms.find((candidate) => fits(candidate, step, recipe));
  if (!form) return refused(notAsSet(method, forms));
  const joined = joinedStep(recipe, mergekit);
  const together =
    joined && Object.hasOwn(joined.join.methods, form.method) ? joined.join.methods[form.method] : undefined;
  if (joined && !together) {
    const { name } = knownMethod(catalogue, joined.step.method);
    return refused(`mergekit cannot have ${name} before ${method.name}: leave that step out, or choose another merge.`);
  }
  const groups = groupsOf(step, catalogue);
  if (groups > 1) {
    return refused(
      `mergekit cannot hold ${groups} coefficients per expert, one for each group of layers: the lists that it takes are interpolated from layer to layer. Set the mix to one group of layers.`,
    );
  }
  const left = recipe.chain.filter((other) => other !== step && other !== joined?.step);
  const shape = shapeOf(step, form, catalogue);
  const inexact = [
    ...remarksOn(form.inexact, step, joined !== undefined),
    ...(joined ? remarksOn(joined.join.inexact, joined.step, true) : []),
    ...shapeRemarks(shape),
    ...left.map(
      (other) => `${knownMethod(catalogue, other.method).name} is left out: mergekit has no counterpart of it.`,
    ),
  ];
  return {
    kind: 'config',
    text: write(together ?? form.method, { form, step, joined, shape, recipe, names }),
    inexact,
  };
}

const holds = (step: Step, values: Readonly<Record<string, string | number>> = {}) =>
  Object.entries(values).every(([key, value]) => step.controls[key] === value);

const fits = ({ when, experts }: MergekitForm, step: Step, recipe: Recipe) =>
  holds(step, when) && (experts === undefined || experts === recipe.experts.length);

/** Names the choices that some form holds for. */
function notAsSet({ name, controls }: MethodMetadata, forms: readonly MergekitForm[]): string {
  const ways = forms.map(({ when = {} }) =>
    Object.entries(when)
      .map(([key, value]) => {
        const control = controls[key];
        const option = control?.kind === 'choice' ? control.options.find((each) => each.value === value) : undefined;
        return `“${control?.name ?? key}” to “${option?.name ?? value}”`;
      })
      .join(' and '),
  );
  return `mergekit has ${name}, but not as it is set here: set ${[...new Set(ways)].join(', or ')}.`;
}

function joinedStep(recipe: Recipe, { joins }: Mergekit): Joined | undefined {
  for (const step of recipe.chain) {
    const join = joins[step.method]?.find(({ when }) => holds(step, when));
    if (join) return { step, join };
  }
  return undefined;
}

const inWords = (value: ControlValue | undefined) =>
  String(typeof value === 'number' ? roundedForYaml(value) : (value ?? ''));

/** What of the remarks is to be said about the step as it is set. */
export function remarksOn(all: readonly MergekitRemark[] = [], step: Step, isJoined: boolean): string[] {
  return all
    .filter(({ when, unless = {}, joined = isJoined }) => {
      const excepted = Object.entries(unless).some(([key, value]) => step.controls[key] === value);
      return holds(step, when) && !excepted && joined === isJoined;
    })
    .map(({ say }) => say.replace(/\{(\w+)\}/g, (_, key: string) => inWords(step.controls[key])));
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

interface Sources {
  readonly form: MergekitForm;
  readonly step: Step;
  readonly joined: Joined | undefined;
  readonly shape: Shape;
  readonly recipe: Recipe;
  readonly names: MergekitNames;
}

function write(method: string, { form, step, joined, shape, recipe, names }: Sources): string {
  const perModel = form.perModel ?? {};
  const models = recipe.experts.map((expert, i) => {
    const own = {
      ...(joined && valuesOf(joined.join.perModel, joined.step, i)),
      ...withoutNames(
        valuesOf(isList(perModel) ? perModel[i] : perModel, step, i, shape),
        Object.keys(joined?.join.perModel ?? {}),
      ),
    };
    return { model: modelName(expert, names), ...(Object.keys(own).length > 0 ? { parameters: own } : {}) };
  });
  const parameters = {
    ...valuesOf(form.parameters, step, 0, shape),
    ...(joined && valuesOf(joined.join.parameters, joined.step, 0)),
  };
  // Some merges call one of the models that they join the base model.
  const base = form.base === 'first' ? modelName(recipe.experts[0] ?? '', names) : (names.base ?? BASE);
  return yamlText({
    merge_method: method,
    ...(form.base === undefined ? {} : { base_model: base }),
    models,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    dtype: names.dtype ?? DTYPE,
  });
}

function yamlText(content: object): string {
  // mergekit reads YAML 1.1, where a path called "no" is false unless it is quoted.
  return new Document(content, { compat: 'yaml-1.1', aliasDuplicateObjects: false }).toString({ lineWidth: 0 });
}

const withoutNames = (values: Written, names: readonly string[]): Written =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
