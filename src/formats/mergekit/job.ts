/** A mergekit configuration over models that are open, as a job that gives what mergekit would give. */
import type { JobTensor, Making, MergeJob, Place } from '../checkpoint/job.ts';
import type { ModelOutline, TensorOutline } from '../checkpoint/outline.ts';
import { quote } from '../link-text.ts';
import { DEFAULT_SEED, knownMethod, type Step } from '../recipe.ts';
import { isFloat } from '../safetensors/dtype.ts';
import { type Candidate, candidatesOf, readableMethods, stepsOf } from './backwards.ts';
import type { Dictionary } from './config.ts';
import type { ConfigurationProblem, MergekitConfiguration, ModelReference, Settings, Source } from './configuration.ts';
import { askedDtype, dtypeOf, promoted } from './output-dtype.ts';
import { type PlannedInput, type PlannedTensor, planTensors } from './plan.ts';
import { NoValue, valueAt } from './setting.ts';

export type MergekitJob =
  | { readonly kind: 'job'; readonly job: MergeJob }
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] };

/** So many problems are told; a wrong pair of models has one per tensor. */
const MAX_PROBLEMS = 20;
/** So many names of tensors are told in one remark. */
const MAX_NAMES = 3;

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
  const problems = [...wholeProblems(config, models), ...(candidates.length > 0 ? [] : [unknownMethod(config, dictionary)])];
  if (problems.length > 0) return { kind: 'refused', problems };
  const whole = withBase(config, candidates);
  const plan = planTensors(whole, models);
  if (plan.kind === 'refused') return plan;
  const asked = askedDtype(config);
  const work = new Work(whole, { models, candidates, asked, dictionary });
  for (const tensor of plan.tensors) work.add(tensor);
  return work.finish(seed);
}

function unknownMethod({ method }: MergekitConfiguration, dictionary: Dictionary): ConfigurationProblem {
  return {
    line: 1,
    message: `merge_method: got ${quote(method)}, which has no counterpart here; known: ${readableMethods(dictionary).join(', ')}`,
  };
}

function wholeProblems(config: MergekitConfiguration, models: ReadonlyMap<string, ModelOutline>): ConfigurationProblem[] {
  const missing = config.references
    .filter(({ text }) => !models.has(text))
    .map(({ text }) => ({ line: lineOf(config, text), message: `no model ${quote(text)} is open: open it, or change the path` }));
  const unknown = [config.dtype, config.outDtype].flatMap((name) =>
    name === undefined || dtypeOf(name)
      ? []
      : [{ line: 1, message: `dtype: got ${quote(name)}, wanted float32, float16 or bfloat16` }],
  );
  const twice = config.slices.flatMap(({ sources, line }) => {
    const names = sources.map(({ model }) => model.text);
    const again = names.find((name, i) => names.indexOf(name) !== i);
    return again === undefined ? [] : [{ line, message: `${quote(again)} is listed twice in one merge, which mergekit refuses` }];
  });
  return [...missing, ...unknown, ...twice];
}

const lineOf = ({ slices }: MergekitConfiguration, text: string): number =>
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

interface Given {
  readonly models: ReadonlyMap<string, ModelOutline>;
  readonly candidates: readonly Candidate[];
  readonly asked: ReturnType<typeof askedDtype>;
  readonly dictionary: Dictionary;
}

/** What a tensor is made of: in the order of the coefficients. */
interface Inputs {
  readonly base: PlannedInput | undefined;
  readonly experts: readonly PlannedInput[];
}

/** Collects the tensors of a job, with what is to be told about them. */
class Work {
  readonly #config: MergekitConfiguration;
  readonly #given: Given;
  readonly #tensors: JobTensor[] = [];
  readonly #chains = new Map<string, number>();
  readonly #steps: (readonly Step[])[] = [];
  readonly #remarks = new Set<string>();
  readonly #problems = new Map<string, ConfigurationProblem>();
  readonly #lacking: string[] = [];
  readonly #counted: string[] = [];

  constructor(config: MergekitConfiguration, given: Given) {
    this.#config = config;
    this.#given = given;
    for (const remark of config.remarks) this.#remarks.add(remark);
    for (const name of unheard(config, given.candidates))
      this.#remarks.add(`parameters.${name} has no effect on ${config.method}, and none here.`);
    if (`${config.dtype} ${config.outDtype}`.includes('float64'))
      this.#remarks.add('float64 is written as float32: results are computed in float32 here.');
  }

  add(planned: PlannedTensor): void {
    const inputs = planned.inputs.filter((input) => input.tensor !== undefined);
    const [first] = inputs;
    if (!first?.tensor) return;
    const other = inputs.find(({ tensor }) => tensor && !sameShape(tensor, first.tensor));
    if (other?.tensor) return this.#problem(planned.slice.line, unequal(planned.name, first, other));
    if (inputs.length < planned.inputs.length) this.#lacking.push(planned.name);
    const dtypes = inputs.flatMap(({ tensor }) => tensor?.dtype ?? []);
    if (!dtypes.every(isFloat)) return this.#addCopy(planned, first);
    const making = this.#makingOf(planned, inputs);
    if (making) this.#push(planned, first.tensor, making);
  }

  finish(seed: number): MergekitJob {
    if (this.#problems.size > 0) {
      const problems = [...this.#problems.values()];
      const more = problems.length - MAX_PROBLEMS;
      const rest = more > 0 ? [{ line: 1, message: `and ${more} more problems of this kind` }] : [];
      return { kind: 'refused', problems: [...problems.slice(0, MAX_PROBLEMS), ...rest] };
    }
    if (this.#lacking.length > 0)
      this.#remarks.add(`Not in every model, so made of those that have them: ${someOf(this.#lacking)}.`);
    if (this.#counted.length > 0)
      this.#remarks.add(`No weights, so copied from the first model: ${someOf(this.#counted)}.`);
    return {
      kind: 'job',
      job: { chains: this.#steps, seed, tensors: this.#tensors, metadata: { format: 'pt' }, remarks: [...this.#remarks] },
    };
  }

  #problem(line: number, message: string): void {
    this.#problems.set(message, { line, message });
  }

  /** Counts, indices and masks are not merged. */
  #addCopy(planned: PlannedTensor, first: PlannedInput): void {
    if (!first.tensor) return;
    if (planned.inputs.length > 1) this.#counted.push(planned.name);
    const from = this.#placeOf(first);
    if (from) this.#push(planned, first.tensor, { kind: 'copy', from, dtype: first.tensor.dtype });
  }

  #push({ name, depth }: PlannedTensor, { shape }: TensorOutline, making: Making): void {
    this.#tensors.push({ name, shape, depth, ...kindOf(name, shape), making });
  }

  #placeOf({ source, tensor }: PlannedInput): Place | undefined {
    const model = this.#given.models.get(source.model.text);
    return model && tensor && { model: model.id, tensor: tensor.name };
  }

  #makingOf(planned: PlannedTensor, inputs: readonly PlannedInput[]): Making | undefined {
    const base = planned.slice.base ?? this.#config.base;
    const reasons: string[] = [];
    for (const candidate of this.#given.candidates) {
      const own = inputsOf(candidate, inputs, base);
      if (typeof own === 'string') {
        reasons.push(own);
        continue;
      }
      const found = this.#stepsOf(candidate, planned, own);
      if (found.kind === 'unlike') {
        reasons.push(found.reason);
        continue;
      }
      for (const remark of found.remarks) this.#remarks.add(remark);
      return this.#making(candidate, found.steps, own);
    }
    // A tensor of a single model has nothing to be merged with.
    const [only, ...others] = inputs;
    if (only && others.length === 0 && planned.inputs.length > 1) return this.#whole(only);
    this.#problem(planned.slice.line, `${this.#config.method}: ${reasons[0] ?? 'cannot be read'}`);
    return undefined;
  }

  #stepsOf(candidate: Candidate, planned: PlannedTensor, { experts }: Inputs) {
    const { parameters, moduleParameters } = this.#config;
    const shared: readonly Settings[] = [planned.slice.parameters, moduleParameters, parameters];
    const value = (name: string, kind: 'number' | 'boolean', expert: number | undefined) => {
      const input = expert === undefined ? undefined : experts[expert];
      const settings = input ? [input.source.parameters, ...shared] : shared;
      return valueAt(name, kind, settings, { name: input?.name ?? planned.name, t: planned.t });
    };
    try {
      return stepsOf(candidate, { experts: experts.length, value });
    } catch (error) {
      if (error instanceof NoValue) return { kind: 'unlike', reason: error.message } as const;
      throw error;
    }
  }

  #making(candidate: Candidate, steps: readonly Step[], { base, experts }: Inputs): Making | undefined {
    const places = experts.flatMap((expert) => this.#placeOf(expert) ?? []);
    const dtypes = [...experts, ...(base ? [base] : [])].flatMap(({ tensor }) => tensor?.dtype ?? []);
    const dtype = this.#given.asked ?? promoted(dtypes);
    const [only, second] = places;
    if (only && !second && !base && isIdentity(steps) && dtypes[0] === dtype) return { kind: 'copy', from: only, dtype };
    const needsBase = [candidate.method, candidate.before?.method].some((method) => method?.needs.base === true);
    // Methods that turn whole weights ask for a base and do not use it.
    const start = base ? this.#placeOf(base) : needsBase ? only : null;
    return { kind: 'merge', base: start ?? null, experts: places, chain: this.#chainOf(steps), dtype };
  }

  #whole(input: PlannedInput): Making | undefined {
    const from = this.#placeOf(input);
    const dtype = this.#given.asked ?? (input.tensor && promoted([input.tensor.dtype]));
    return from && dtype && { kind: 'copy', from, dtype };
  }

  /** Tensors with the same controls share a chain. */
  #chainOf(steps: readonly Step[]): number {
    const key = JSON.stringify(steps);
    const known = this.#chains.get(key);
    if (known !== undefined) return known;
    this.#chains.set(key, this.#steps.length);
    return this.#steps.push(steps) - 1;
  }
}

/** The models as a form takes them, or why it cannot. */
function inputsOf({ form }: Candidate, inputs: readonly PlannedInput[], base: ModelReference | undefined): Inputs | string {
  if (form.reading.baseIsModel) return { base: undefined, experts: inputs };
  if (form.base === undefined) return base ? 'a base_model has no place in it' : { base: undefined, experts: inputs };
  if (!base) return 'base_model is missing: name the model that the others were made of';
  const own = inputs.find(({ source }) => source.model.text === base.text);
  if (!own) return `base_model ${quote(base.text)} is not among the sources, or lacks the tensor`;
  const others = inputs.filter((input) => input !== own);
  return form.base === 'first' ? { base: undefined, experts: [own, ...others] } : { base: own, experts: others };
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

const sameShape = (a: TensorOutline, b: TensorOutline | undefined): boolean =>
  a.shape.length === b?.shape.length && a.shape.every((side, i) => side === b.shape[i]);

function unequal(name: string, first: PlannedInput, other: PlannedInput): string {
  const side = ({ source, tensor }: PlannedInput) => `[${tensor?.shape.join(', ')}] in ${quote(source.model.text)}`;
  return `${name}: got ${side(first)} and ${side(other)}, wanted one shape; where only the vocabularies differ, make them equal first`;
}

const someOf = (names: readonly string[]): string => {
  const rest = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};
