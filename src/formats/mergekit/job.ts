/** A mergekit configuration over models that are open, as a job that gives what mergekit would give. */
import type { ModelOutline } from '../checkpoint/outline.ts';
import { quote } from '../link-text.ts';
import { DEFAULT_SEED } from '../recipe.ts';
import { type Candidate, candidatesOf, readableMethods } from './backwards.ts';
import type { ConfigurationProblem, MergekitConfiguration, Source } from './configuration.ts';
import type { Dictionary } from './form.ts';
import { JobMaker, type MergekitJob } from './job-maker.ts';
import { dtypeOf } from './output-dtype.ts';
import { planTensors } from './plan.ts';

/**
 * @param models by `ModelReference.text`; one with an adapter stands for the model to which it was added
 * @param seed of random drops, which mergekit draws otherwise
 */
export function jobOfMergekit(
  config: MergekitConfiguration,
  models: ReadonlyMap<string, ModelOutline>,
  dictionary: Dictionary,
  seed: number = DEFAULT_SEED,
): MergekitJob {
  const candidates = candidatesOf(config.method, dictionary);
  const problems = [
    ...wholeProblems(config, models),
    ...(candidates.length > 0 ? [] : [unknownMethod(config, dictionary)]),
  ];
  if (problems.length > 0) return { kind: 'refused', problems };
  const whole = withBase(config, candidates);
  const plan = planTensors(whole, models);
  if (plan.kind === 'refused') return plan;
  const unheardOf = unheard(config, candidates).map(
    (name) => `parameters.${name} has no effect on ${config.method}, and none here.`,
  );
  const maker = new JobMaker(
    { ...whole, remarks: [...whole.remarks, ...unheardOf] },
    { models, candidates, dictionary },
  );
  for (const tensor of plan.tensors) maker.add(tensor);
  return maker.finish(seed);
}

function unknownMethod({ method }: MergekitConfiguration, dictionary: Dictionary): ConfigurationProblem {
  return {
    line: 1,
    message: `merge_method: got ${quote(method)}, which has no counterpart here; known: ${readableMethods(dictionary).join(', ')}`,
  };
}

function wholeProblems(
  config: MergekitConfiguration,
  models: ReadonlyMap<string, ModelOutline>,
): ConfigurationProblem[] {
  const missing = config.references
    .filter(({ text }) => !models.has(text))
    .map(({ text }) => ({
      line: lineOf(config, text),
      message: `no model ${quote(text)} is open: open it, or change the path`,
    }));
  const unknown = [config.dtype, config.outDtype].flatMap((name) =>
    name === undefined || dtypeOf(name)
      ? []
      : [{ line: 1, message: `dtype: got ${quote(name)}, wanted float32, float16 or bfloat16` }],
  );
  const twice = config.slices.flatMap(({ sources, line }) => {
    const names = sources.map(({ model }) => model.text);
    const again = names.find((name, i) => names.indexOf(name) !== i);
    return again === undefined
      ? []
      : [{ line, message: `${quote(again)} is listed twice in one merge, which mergekit refuses` }];
  });
  return [...missing, ...unknown, ...twice];
}

/** Where a model is named in the configuration. */
export const lineOf = ({ slices }: MergekitConfiguration, text: string): number =>
  slices.flatMap(({ sources }) => sources).find(({ model }) => model.text === text)?.line ?? 1;

/** A base that is not among the models is read too; of slices it must be one of the sources, unless the merge has none. */
function withBase(config: MergekitConfiguration, candidates: readonly Candidate[]): MergekitConfiguration {
  const { base, sliced } = config;
  const needed = candidates.some(({ form }) => form.reading.baseIsModel !== true);
  if (!base || (sliced && !needed)) return config;
  const slices = config.slices.map((slice) => {
    if (sliced || slice.sources.some(({ model }) => model.text === base.text)) return slice;
    const source: Source = { model: base, parameters: {}, line: slice.line };
    return { ...slice, sources: [...slice.sources, source] };
  });
  return { ...config, slices };
}

/** Parameters that no reading of the method asks for. */
function unheard(config: MergekitConfiguration, candidates: readonly Candidate[]): string[] {
  const heard = new Set(
    candidates.flatMap(({ form, before }) =>
      [form, before?.join].flatMap((one) => [
        ...Object.keys(one?.parameters ?? {}),
        ...Object.keys(one?.perModel ?? {}),
        ...Object.keys(one?.reading?.defaults ?? {}),
        ...(one?.reading?.ignored ?? []),
      ]),
    ),
  );
  const all = [
    config.parameters,
    config.moduleParameters,
    ...config.slices.flatMap(({ parameters, sources }) => [parameters, ...sources.map((source) => source.parameters)]),
  ];
  return [...new Set(all.flatMap((settings) => Object.keys(settings)))].filter((name) => !heard.has(name));
}
