/** Tensor by tensor, what a configuration makes of the models, and what is to be told about it. */
import { recognise } from '../checkpoint/architecture.ts';
import type { JobTensor, Making, MergeJob, Place } from '../checkpoint/job.ts';
import type { ModelOutline, TensorOutline } from '../checkpoint/outline.ts';
import { placeOf } from '../checkpoint/tensor-place.ts';
import { quote } from '../link-text.ts';
import { knownMethod, type Step } from '../recipe.ts';
import { isFloat } from '../safetensors/dtype.ts';
import { type Candidate, stepsOf } from './backwards.ts';
import type { ConfigurationProblem, MergekitConfiguration, ModelReference, Settings } from './configuration.ts';
import type { Dictionary } from './form.ts';
import { askedDtype, promoted } from './output-dtype.ts';
import type { PlannedInput, PlannedTensor } from './plan.ts';
import { NoValue, valueAt } from './setting.ts';

export type MergekitJob =
  | { readonly kind: 'job'; readonly job: MergeJob }
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] };

/** So many problems are told; a wrong pair of models has one per tensor. */
const MAX_PROBLEMS = 20;
/** So many names of tensors are told in one remark. */
const MAX_NAMES = 3;

export interface Given {
  readonly models: ReadonlyMap<string, ModelOutline>;
  readonly candidates: readonly Candidate[];
  readonly dictionary: Dictionary;
}

/** What a tensor is made of: in the order of the coefficients. */
interface Inputs {
  readonly base: PlannedInput | undefined;
  readonly experts: readonly PlannedInput[];
}

/** The data type of half the size that mergekit computes in, if it does. */
function halfOf(
  { dtype, references }: MergekitConfiguration,
  models: ReadonlyMap<string, ModelOutline>,
): string | undefined {
  if (dtype !== undefined) return dtype.replace(/^torch\./, '').match(/^b?float16$/)?.[0];
  const dtypes = references.flatMap(({ text }) => models.get(text)?.tensors.map((tensor) => tensor.dtype) ?? []);
  const kind = dtypes.length > 0 ? promoted(dtypes.filter(isFloat)) : 'F32';
  return kind === 'F32' ? undefined : { F16: 'float16', BF16: 'bfloat16' }[kind];
}

type Made = Pick<JobTensor, 'name' | 'shape' | 'making'>;

/** Where the tensors stand in the network that they make, which may have other layers than its models. */
function placed(made: readonly Made[], model: ModelOutline | undefined): JobTensor[] {
  if (!model) return [];
  const tensors = made.map(({ name, shape, making }) => ({ name, shape, dtype: making.dtype }));
  const architecture = recognise({ ...model, tensors });
  return made.map((one) => ({ ...one, ...placeOf(one.name, one.shape, architecture) }));
}

/** One model, weighed with 1: its tensors are copied. */
const isIdentity = ([step, ...more]: readonly Step[], { catalogue }: Dictionary): boolean =>
  step !== undefined &&
  more.length === 0 &&
  !knownMethod(catalogue, step.method).needs.base &&
  Object.entries(step.controls).every(
    ([, value]) => typeof value === 'string' || (typeof value === 'object' && value[0] === 1),
  );

/** Collects the tensors of a job, with what is to be told about them. */
export class JobMaker {
  readonly #config: MergekitConfiguration;
  readonly #given: Given;
  readonly #tensors: Made[] = [];
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
    const half = halfOf(config, given.models);
    if (half !== undefined)
      this.#remarks.add(
        `mergekit computes in ${half}: models that hold more are rounded to it before they are merged, as there, but the arithmetic is float32 here: last digits may differ.`,
      );
    if (`${config.dtype} ${config.outDtype}`.includes('float64'))
      this.#remarks.add('float64 is written as float32: results are computed in float32 here.');
  }

  add(planned: PlannedTensor): void {
    const inputs = planned.inputs.filter((input) => input.tensor !== undefined);
    const [first] = inputs;
    if (!first?.tensor) return;
    const other = inputs.find(({ tensor }) => tensor && !sameShape(tensor, first.tensor));
    if (other?.tensor) {
      this.#problem(planned.slice.line, unequal(planned.name, first, other));
      return;
    }
    if (inputs.length < planned.inputs.length) this.#lacking.push(planned.name);
    const dtypes = inputs.flatMap(({ tensor }) => tensor?.dtype ?? []);
    if (!dtypes.every(isFloat)) {
      this.#addCopy(planned, first);
      return;
    }
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
    const tensors = placed(this.#tensors, this.#outline());
    const remarks = [...this.#remarks];
    return { kind: 'job', job: { chains: this.#steps, seed, tensors, metadata: { format: 'pt' }, remarks } };
  }

  /** Of the models, for what the files beside the weights say. */
  #outline(): ModelOutline | undefined {
    const [model] = this.#config.base ? [this.#config.base] : this.#config.references;
    return model && this.#given.models.get(model.text);
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

  #push({ name }: PlannedTensor, { shape }: TensorOutline, making: Making): void {
    this.#tensors.push({ name, shape, making });
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
    const dtype = askedDtype(this.#config) ?? promoted(dtypes);
    const [only, second] = places;
    if (only && !second && !base && isIdentity(steps, this.#given.dictionary) && dtypes[0] === dtype)
      return { kind: 'copy', from: only, dtype };
    const needsBase = [candidate.method, candidate.before?.method].some((method) => method?.needs.base === true);
    // Methods that turn whole weights ask for a base and do not use it.
    const start = base ? this.#placeOf(base) : needsBase ? only : null;
    return { kind: 'merge', base: start ?? null, experts: places, chain: this.#chainOf(steps), dtype };
  }

  #whole(input: PlannedInput): Making | undefined {
    const from = this.#placeOf(input);
    const dtype = askedDtype(this.#config) ?? (input.tensor && promoted([input.tensor.dtype]));
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
function inputsOf(
  { form }: Candidate,
  inputs: readonly PlannedInput[],
  base: ModelReference | undefined,
): Inputs | string {
  if (form.reading.baseIsModel) return { base: undefined, experts: inputs };
  if (form.base === undefined) return base ? 'a base_model has no place in it' : { base: undefined, experts: inputs };
  if (!base) return 'base_model is missing: name the model that the others were made of';
  const own = inputs.find(({ source }) => source.model.text === base.text);
  if (!own) return `base_model ${quote(base.text)} is not among the sources, or lacks the tensor`;
  const others = inputs.filter((input) => input !== own);
  return form.base === 'first' ? { base: undefined, experts: [own, ...others] } : { base: own, experts: others };
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
