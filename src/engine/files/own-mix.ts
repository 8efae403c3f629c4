/** A mix of open models as the page asks for it: its table, the methods that fit, its job, and what that takes. */
import catalogue from 'virtual:catalogue';
import type { FitRequest } from '../../formats/checkpoint/fit.ts';
import type { Choices, Fit } from '../../formats/checkpoint/fit-table.ts';
import { fittingMethods, type MethodFit } from '../../formats/checkpoint/fitting-methods.ts';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import { type JobOptions, jobOfRecipe, refuseJob } from '../../formats/checkpoint/job-of-recipe.ts';
import type { Step } from '../../formats/recipe.ts';
import type { Alignment } from '../../formats/tokenizer/alignment.ts';
import { asFailure, type Failure, StudioError } from '../fault.ts';
import { adaptTo } from './adapter.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { LaneFor } from './lane.ts';
import { alignFit, fitTokens, type TokenFit } from './mix-vocabulary.ts';
import { type Needs, needsOf } from './needs.ts';
import { configuredJob } from './own-configuration.ts';
import { withUnread } from './unread.ts';

export type OutputDtype = JobOptions['dtype'];

/** Everything of the page that decides what the merged model is. */
export interface Asked extends FitRequest {
  readonly choices: Choices;
  /** Its values per expert are in the order of `experts`. */
  readonly chain: readonly Step[];
  readonly seed: number;
  readonly dtype: OutputDtype;
  /** Whose network is written where the method gives one for each expert: its id. Null for all other methods. */
  readonly network: string | null;
  /** A mergekit configuration in place of choices and chain. */
  readonly configuration: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Checked {
  readonly fit: Fit;
  readonly methods: readonly MethodFit[];
  /** What of the roles cannot be: an adapter that does not belong to the base, for example. */
  readonly problems: readonly Failure[];
}

export interface Plan {
  readonly tensors: number;
  /** Whether a tokenizer comes with the merged model. */
  readonly tokenizer: boolean;
  /** About what is done otherwise than asked. */
  readonly remarks: readonly string[];
  /** Null where there is no job. */
  readonly needs: Needs | null;
  /** Why there can be no merge, sentences. */
  readonly refusals: readonly string[];
}

/** The models in their parts: adapters stand for the base with their change. */
export interface Mix {
  readonly asked: Asked;
  readonly fit: Fit;
  readonly tokens: TokenFit;
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  readonly problems: readonly Failure[];
  /** All that is open, by id. */
  readonly open: ReadonlyMap<string, Checkpoint>;
}

const BY_NUMBER = 'Choose rows by their number, or one model’s.';

export async function mixOf(asked: Asked, open: ReadonlyMap<string, Checkpoint>): Promise<Mix> {
  const base = asked.base === null ? undefined : open.get(asked.base);
  const checkpoints = new Map<string, Checkpoint>();
  const problems: Failure[] = [];
  if (base) checkpoints.set(base.outline.id, base);
  for (const id of asked.experts) {
    const expert = open.get(id);
    if (!expert) throw new StudioError('files', `The model "${id}" is not open any more.`, 'Drop its files again.');
    try {
      checkpoints.set(id, expert.outline.kind === 'adapter' && base ? await adaptTo(expert, base) : expert);
    } catch (error) {
      problems.push(asFailure(error));
      checkpoints.set(id, expert);
    }
  }
  const tokens = await fitTokens([...checkpoints.values()], asked);
  if (tokens.failure !== null) problems.push(asFailure(new StudioError('files', tokens.failure, BY_NUMBER)));
  return { asked, fit: tokens.fit, tokens, checkpoints, problems, open };
}

export const checkMix = ({ fit, problems }: Mix): Checked => ({
  fit,
  methods: fittingMethods(fit, catalogue),
  problems,
});

export interface Made {
  readonly job: MergeJob;
  /** Whose network of a method that gives one for each expert, counted in the experts' order. */
  readonly expert?: number;
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  /** The vocabulary that rows are matched in by token; null where they are matched by number. */
  readonly alignment: Alignment | null;
}

async function make({
  asked,
  fit,
  tokens,
  checkpoints: plain,
  problems,
  open,
}: Mix): Promise<Made | { readonly refusals: readonly string[] }> {
  if (asked.configuration !== null) {
    const made = await configuredJob(asked.configuration, open, asked.seed);
    if (made.kind === 'refused') return { refusals: made.reasons };
    return { ...made, job: { ...made.job, metadata: { ...made.job.metadata, ...asked.metadata } } };
  }
  const refusals = [...problems.map(({ message }) => message), ...refuseJob(asked, fit, catalogue)];
  if (refusals.length > 0) return { refusals };
  const { job, checkpoints } = alignFit(jobOfRecipe(asked, fit, asked, catalogue), plain, tokens);
  const { alignment } = tokens;
  const expert = asked.network === null ? -1 : asked.experts.indexOf(asked.network);
  if (expert < 0) return { job: withUnread(job, checkpoints), checkpoints, alignment };
  const name = checkpoints.get(asked.network ?? '')?.outline.name;
  const remark = `The method gives one network for each expert: this is the one of “${name}”.`;
  return { job: { ...job, remarks: [...job.remarks, remark] }, checkpoints, alignment, expert };
}

export const expertOf = ({ expert }: Made) => (expert === undefined ? {} : { expert });

/** @throws StudioError where the choices stand in the way */
export async function jobOfMix(mix: Mix): Promise<Made> {
  const made = await make(mix);
  if ('job' in made) return made;
  throw new StudioError('recipe', made.refusals[0] ?? 'These models cannot be merged as the choices stand.');
}

export async function planMix(mix: Mix, laneFor: LaneFor): Promise<Plan> {
  const made = await make(mix);
  if ('refusals' in made) return { tensors: 0, tokenizer: false, remarks: [], needs: null, refusals: made.refusals };
  const { job, checkpoints } = made;
  const ways = { laneFor, ...expertOf(made) };
  const outlines = new Map([...checkpoints].map(([id, { outline }]) => [id, outline]));
  return {
    tensors: job.tensors.length,
    tokenizer: made.alignment?.tokenizer != null,
    remarks: job.remarks,
    needs: needsOf(job, outlines, ways),
    refusals: [],
  };
}
