/**
 * A merge plan: one mergekit configuration per coefficient vector, with programs that run and gather them elsewhere. The vectors
 * are the caller's; the files come back as text.
 */
import { coefficientsOf, type Space, withCoefficients } from './coefficients.ts';
import { writeCsv } from './csv.ts';
import { type MergekitNames, mergekitConfig, namedConfig } from './mergekit/config.ts';
import type { Dictionary } from './mergekit/form.ts';
import type { MergekitTemplate } from './mergekit/template.ts';
import { roundedForYaml } from './mergekit/values.ts';
import { COLLECT_SCRIPT } from './plan-collect.ts';
import { planReadme } from './plan-readme.ts';
import { RAY_SCRIPT, runScript, slurmScript } from './plan-scripts.ts';
import { knownMethod, mergeStep, type Recipe } from './recipe.ts';

/** Slurm refuses arrays of more than 1,000 tasks unless it was set up otherwise; ids then have three digits. */
export const MAX_MERGES = 1_000;
/** Names of tasks stand between quotation marks in a shell script. */
const TASK_LIST = /^[\w.,:+/@-]*$/;
/** Below this a sum of weights is rounding noise, and dividing by it would blow the network up. */
const SMALLEST_SUM = 1e-3;

/** Where one coefficient of a plan may lie. */
export interface PlanAxis {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** A coefficient of one model, which at 0 leaves it out. */
  readonly perExpert: boolean;
}

/** What a plan is made of, whether it began as a recipe or as a configuration. */
export interface PlanSource {
  readonly kind: 'source';
  /** mergekit's configuration in words, for the reader of the plan. */
  readonly title: string;
  readonly axes: readonly PlanAxis[];
  /** Configuration for one vector. */
  readonly write: (values: readonly number[]) => string;
  /** Whether these values can be merged: a weighted mean needs a sum. */
  readonly accepts: (values: readonly number[]) => boolean;
  /** What the configurations cannot say of the recipe. */
  readonly inexact: readonly string[];
}

export type PlanSourceResult = PlanSource | { readonly kind: 'refused'; readonly reason: string };

export interface PlanFile {
  /** Relative to the plan's folder. */
  readonly path: string;
  readonly text: string;
  readonly executable?: true;
}

export interface PlanOptions {
  /** Tasks of lm-evaluation-harness, separated by commas; left to be filled in without it. */
  readonly tasks?: string;
}

const hasSum = (values: readonly number[]) => Math.abs(values.reduce((sum, value) => sum + value, 0)) >= SMALLEST_SUM;

/**
 * @param names where the models lie
 * @param space what is varied; the coefficients alone without it
 */
export function planOfRecipe(
  recipe: Recipe,
  dictionary: Dictionary,
  names: MergekitNames = {},
  space?: Space,
): PlanSourceResult {
  const { catalogue } = dictionary;
  const first = mergekitConfig(recipe, dictionary, names);
  if (first.kind === 'refused') return first;
  const coefficients = coefficientsOf(recipe, catalogue, space);
  const step = mergeStep(recipe, catalogue);
  if (coefficients.length === 0) return { kind: 'refused', reason: `${step.method} has no coefficient to vary.` };
  const divides = !knownMethod(catalogue, step.method).needs.base && step.controls.normalize === 'yes';
  return {
    kind: 'source',
    title: `${recipe.chain.map(({ method }) => knownMethod(catalogue, method).name).join(' + ')} of ${recipe.experts.join(', ')}`,
    axes: coefficients.map(({ id, expert, min, max }) => ({
      name: id,
      min,
      max,
      perExpert: expert !== undefined,
    })),
    write: (values) => {
      const config = mergekitConfig(withCoefficients(recipe, catalogue, values, space), dictionary, names);
      if (config.kind === 'refused') throw new Error(config.reason);
      return config.text;
    },
    accepts: (values) => !divides || hasSum(values),
    inexact: first.inexact,
  };
}

/** Weights are varied from 0 to 1, where merges of fine-tuned models are of use. */
export function planOfTemplate({ method, coefficients, divides, write }: MergekitTemplate): PlanSource {
  return {
    kind: 'source',
    title: `${method} of ${coefficients.map(({ name }) => name).join(', ')}`,
    axes: coefficients.map(({ name, perModel }) => ({ name, min: 0, max: 1, perExpert: perModel })),
    write,
    accepts: (values) => !divides || hasSum(values),
    inexact: [],
  };
}

/**
 * A plan for coefficients of which only the names are known: task arithmetic over models that are called like them, with
 * placeholders for their paths.
 */
export function planOfNames(axes: readonly PlanAxis[]): PlanSource {
  return {
    kind: 'source',
    title: `task_arithmetic of ${axes.map(({ name }) => name).join(', ')}`,
    axes,
    write: (values) => namedConfig(axes.map(({ name }, i) => ({ name, weight: roundedForYaml(values[i] ?? 0) }))),
    accepts: () => true,
    inexact: [
      'Only the names of the coefficients are known: the configurations add weighted task vectors. If your merges were made in another way, plan from your own mergekit configuration.',
    ],
  };
}

/** The vectors as the configurations hold them, so that both say the same number. */
export function planned(values: readonly number[]): number[] {
  return values.map(roundedForYaml);
}

/**
 * All files of a plan.
 * @param vectors in the order of the source's axes; rounded to six decimals
 * @throws Error when a vector does not fit or cannot be merged, or there are none or too many, or tasks are no names
 */
export function mergePlan(
  source: PlanSource,
  vectors: readonly (readonly number[])[],
  { tasks = '' }: PlanOptions = {},
): PlanFile[] {
  const { axes, accepts, write } = source;
  if (vectors.length < 1 || vectors.length > MAX_MERGES) {
    throw new Error(`got ${vectors.length} merges, wanted 1 to ${MAX_MERGES}: plan more of them in several folders`);
  }
  if (!TASK_LIST.test(tasks))
    throw new Error(`tasks: got “${tasks}”, wanted names separated by commas, such as hellaswag,arc_easy`);
  const merges = vectors.map((vector, i) => ({ id: `merge-${String(i).padStart(3, '0')}`, values: planned(vector) }));
  for (const { id, values } of merges) {
    if (values.length !== axes.length)
      throw new Error(`${id}: got ${values.length} coefficients, wanted ${axes.length}`);
    if (!accepts(values)) throw new Error(`${id}: its weights add up to 0 and cannot be divided by their sum`);
  }
  const rows = merges.map(({ id, values }) => [id, ...values]);
  return [
    { path: 'README.md', text: planReadme(source, merges.length) },
    { path: 'coefficients.csv', text: writeCsv([['id', ...axes.map(({ name }) => `coefficient.${name}`)], ...rows]) },
    { path: 'run.sh', text: runScript(tasks), executable: true },
    { path: 'run.slurm', text: slurmScript(merges.length) },
    { path: 'run_ray.py', text: RAY_SCRIPT },
    { path: 'collect.py', text: COLLECT_SCRIPT },
    ...merges.map(({ id, values }) => ({ path: `configs/${id}.yaml`, text: write(values) })),
  ];
}
