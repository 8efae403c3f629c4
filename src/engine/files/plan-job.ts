/** Which tensors of a job are surveyed and merged together, and how much of them has to be in memory at once. */
import type { JobTensor, Making, MergeJob } from '../../formats/checkpoint/job.ts';
import { preparationKey } from '../../formats/preparation.ts';
import type { Step } from '../../formats/recipe.ts';
import type { Method, PlacedParameter } from '../../methods/define.ts';
import { metadata } from '../../methods/metadata.ts';
import { sizeOf } from '../../models/parameter.ts';
import { type Chain, resolveChain } from '../chain.ts';
import { StudioError } from '../fault.ts';

/** What is seen at once: a run of weights within a tensor, a tensor, or all tensors of the group. */
export type Span = 'part' | 'tensor' | 'network';

type Merging = Extract<Making, { kind: 'merge' }>;

export interface PlannedTensor {
  /** Of the job. */
  readonly index: number;
  /** Its place among all merged weights of the job. */
  readonly row: PlacedParameter;
  readonly making: Merging;
  readonly chain: Chain;
}

/** Tensors whose experts are prepared alike: statistics are taken over all of them. */
export interface Group {
  readonly span: Span;
  /** The controls of a preparation are those of all its chains. */
  readonly chain: Chain;
  readonly seed: number;
  readonly experts: number;
  readonly tensors: readonly PlannedTensor[];
}

/**
 * @param expert whose network of a method that gives one for each
 * @throws StudioError saying what cannot be merged from files, and what to do
 */
export function planJob(job: MergeJob, expert: number | undefined): readonly Group[] {
  const groups = new Map<string, Omit<Group, 'tensors'> & { readonly tensors: PlannedTensor[] }>();
  const chains = new Map<string, Chain>();
  let start = 0;
  for (const [index, tensor] of job.tensors.entries()) {
    const { making } = tensor;
    if (making.kind === 'copy') continue;
    const steps = job.chains[making.chain];
    if (!steps) throw new Error(`${tensor.name}: chain ${making.chain} of ${job.chains.length}`);
    const known = `${making.chain} ${making.experts.length} ${making.base === null}`;
    const chain = chains.get(known) ?? checkedChain(steps, tensor, making, expert);
    chains.set(known, chain);
    const key = groupKey(steps, chain, making, job.seed);
    const group = groups.get(key) ?? {
      span: spanOf(chain),
      chain,
      seed: job.seed,
      experts: making.experts.length,
      tensors: [],
    };
    groups.set(key, group);
    const row = placed(tensor, start);
    start += row.length;
    group.tensors.push({ index, row, making, chain });
  }
  return [...groups.values()];
}

function placed({ name, shape, depth, role, group }: JobTensor, start: number): PlacedParameter {
  return { name, shape, depth, role, group, start, length: sizeOf(shape) };
}

const stepsOf = ({ pre, merge, post }: Chain) => [...pre, merge, ...post];

/** Steps of the chain that cannot be given a tensor at a time. */
export const wholeNetworkSteps = (chain: Chain): readonly Method[] =>
  stepsOf(chain).flatMap(({ method, step }) => {
    const within = (one: Method): boolean => one.withinTensors?.(step.controls) === true;
    return method.scope === 'model' && !within(method) ? [method] : [];
  });

function spanOf(chain: Chain): Span {
  const inParts = ({ scope, inParts: may }: Method, { controls }: Step) =>
    scope === 'entry' && may?.(controls) === true;
  if (wholeNetworkSteps(chain).length > 0) return 'network';
  return stepsOf(chain).every(({ method, step }) => inParts(method, step)) ? 'part' : 'tensor';
}

function groupKey(steps: readonly Step[], chain: Chain, { experts, base }: Merging, seed: number): string {
  const alike = { family: '', experts: experts.map((_, i) => `${i}`), chain: steps, seed };
  // Steps that see the whole network must be the same for all of it.
  const post = spanOf(chain) === 'network' ? chain.post.map(({ step }) => step) : [];
  return JSON.stringify([preparationKey(alike, metadata), base === null, post]);
}

function checkedChain(
  steps: readonly Step[],
  { name: tensor }: JobTensor,
  { experts, base }: Merging,
  expert: number | undefined,
): Chain {
  const chain = resolveChain({ experts: experts.map(({ model }) => model), chain: steps });
  for (const { method, step } of stepsOf(chain)) {
    if (step.layerGroups || step.curves || step.filter)
      throw new Error(`${tensor}: ${method.id} has controls that differ between layers; a job has one chain for each`);
    checkMethod(method, base !== null);
  }
  const { method, step } = chain.merge;
  if (method.blocks)
    throw new StudioError(
      'recipe',
      `${method.name} changes how many layers there are; from files it is written as slices.`,
      'Write a mergekit configuration with the method “passthrough” and slices.',
    );
  const refusal = method.check?.(step.controls, experts.length);
  if (refusal) throw new StudioError('recipe', `${tensor}: ${refusal}`);
  if (method.result === 'single' || (expert !== undefined && expert < experts.length)) return chain;
  throw new StudioError(
    'recipe',
    `${method.name} gives one network for each expert, and a file holds one.`,
    'Say whose network is wanted.',
  );
}

function checkMethod({ name, needs }: Method, hasBase: boolean): void {
  if (needs.data || needs.gradients)
    throw new StudioError(
      'recipe',
      `${name} runs the network on data while it merges, which is not possible with files of any architecture.`,
      'Choose a method that needs no data, or find coefficients in the studio’s own networks first.',
    );
  if (needs.base && !hasBase)
    throw new StudioError(
      'recipe',
      `${name} works on changes from a base model, and there is none.`,
      'Name the base model.',
    );
}
