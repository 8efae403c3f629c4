/**
 * Recipes as mergekit configurations. Facts about mergekit's parameters: its guide to merge methods, and its code where the two
 * differ (arcee-ai/mergekit). What it has no word for is told, never approximated in silence.
 */
import { groupsOf, type Recipe } from '../recipe.ts';
import { type Dictionary, type Formed, formOf, parametersOfModel, sharedParameters } from './form.ts';
import { type Shape, shapeOf, shapeRemarks } from './values.ts';
import { yamlText } from './yaml-text.ts';

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

/**
 * The recipe as a mergekit configuration, by what its methods say of mergekit.
 * @param dictionary the methods, and what mergekit has in their place
 * @param names where the models lie; placeholders without it
 */
export function mergekitConfig(recipe: Recipe, dictionary: Dictionary, names: MergekitNames = {}): MergekitResult {
  const formed = formOf(recipe, dictionary);
  if (formed.kind === 'refused') return formed;
  const { catalogue } = dictionary;
  const groups = groupsOf(formed.step, catalogue);
  if (groups > 1) {
    return {
      kind: 'refused',
      reason: `mergekit cannot hold ${groups} coefficients per expert, one for each group of layers: the lists that it takes are interpolated from layer to layer. Set the mix to one group of layers.`,
    };
  }
  const shape = shapeOf(formed.step, formed.form, catalogue);
  const inexact = [...formed.inexact, ...shapeRemarks(shape)];
  return { kind: 'config', text: write(formed, shape, recipe, names), inexact };
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

function modelName(expert: string, { models = {} }: MergekitNames): string {
  return (Object.hasOwn(models, expert) ? models[expert] : undefined) ?? `./experts/${expert}`;
}

function write(formed: Formed, shape: Shape, recipe: Recipe, names: MergekitNames): string {
  const models = recipe.experts.map((expert, i) => {
    const own = parametersOfModel(formed, i, { shape });
    return { model: modelName(expert, names), ...(Object.keys(own).length > 0 ? { parameters: own } : {}) };
  });
  const parameters = sharedParameters(formed, { shape });
  // Some merges call one of the models that they join the base model.
  const base = formed.form.base === 'first' ? modelName(recipe.experts[0] ?? '', names) : (names.base ?? BASE);
  return yamlText({
    merge_method: formed.name,
    ...(formed.form.base === undefined ? {} : { base_model: base }),
    models,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    dtype: names.dtype ?? DTYPE,
  });
}
