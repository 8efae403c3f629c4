/** Would it run? Reads headers only: what would be merged, what it takes, and what is wrong with its place. */
import { type Needs, needsOf } from '../../engine/files/needs.ts';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import { bytesInWords } from '../../formats/in-words.ts';
import {
  inLines,
  isConfiguration,
  type PlannedMerge,
  type PlanningOptions,
  type PlanProblem,
  planConfiguration,
  planRecipe,
} from './planned-merge.ts';

export interface Checked {
  readonly text: string;
  readonly runs: boolean;
}

/** Of a plain disk: what a merge cannot be faster than, as it reads and writes. Methods that decompose matrices are much slower. */
const DISK_BYTES_PER_SECOND = 500e6;

/** @param path of a mergekit configuration, or of a recipe over `options.models` */
export async function check(
  path: string,
  { json, ...options }: PlanningOptions & { readonly json: boolean },
): Promise<Checked> {
  const planned = await (isConfiguration(path) ? planConfiguration(path, options) : planRecipe(path, options));
  if (planned.kind === 'refused') return report(path, { problems: planned.problems, json });
  const needs = needsFor(planned);
  const refusals = needs.refusal ? [`${needs.refusal.reason} ${needs.refusal.todo}`] : [];
  const problems = refusals.map((message) => ({ line: null, message }));
  return report(path, { problems, json, planned, needs });
}

type Ready = Extract<PlannedMerge, { kind: 'job' }>;

function needsFor({ job, models, expert }: Ready): Needs {
  const outlines = new Map(Array.from(models, ([id, { outline }]) => [id, outline]));
  return needsOf(job, outlines, expert === undefined ? {} : { expert });
}

interface Findings {
  readonly problems: readonly PlanProblem[];
  readonly json: boolean;
  readonly planned?: Ready;
  readonly needs?: Needs;
}

function report(path: string, { problems, json, planned, needs }: Findings): Checked {
  const runs = problems.length === 0;
  const remarks = planned?.job.remarks ?? [];
  const merge = planned ? summaryOf(planned) : null;
  const seconds = needs ? secondsFor(needs) : null;
  if (json) {
    const found = { runs, problems, remarks, merge, needs: needs ? { ...needs, secondsAtLeast: seconds } : null };
    return { runs, text: JSON.stringify(found, null, 2) };
  }
  const lines = [
    ...(runs ? [`${path}: would run`] : [inLines(path, problems)]),
    ...(merge ? describe(merge) : []),
    ...(needs && runs ? describeNeeds(needs) : []),
    ...remarks.map((remark) => `note: ${remark}`),
  ];
  return { runs, text: lines.join('\n') };
}

const secondsFor = ({ readBytes, outputBytes }: Needs): number => (readBytes + outputBytes) / DISK_BYTES_PER_SECOND;

interface Summary {
  /** Null where the merge asks for none. */
  readonly base: string | null;
  /** All other models. */
  readonly models: readonly string[];
  /** Steps of the chain, once each. */
  readonly methods: readonly string[];
  readonly tensors: { readonly merged: number; readonly copied: number };
  /** Sets of controls. */
  readonly chains: number;
  readonly dtypes: readonly string[];
  readonly parameters: number;
}

function summaryOf({ job, models }: Ready): Summary {
  const merged = job.tensors.filter(({ making }) => making.kind === 'merge').length;
  const base = job.tensors.find(({ making }) => making.kind === 'merge' && making.base)?.making;
  const baseId = base?.kind === 'merge' ? base.base?.model : undefined;
  const others = [...models].filter(([id]) => id !== baseId);
  return {
    base: (baseId !== undefined && models.get(baseId)?.outline.name) || null,
    models: others.map(([, { outline }]) => outline.name),
    methods: [...new Set(job.chains.flat().map(({ method }) => method))],
    tensors: { merged, copied: job.tensors.length - merged },
    chains: job.chains.length,
    dtypes: [...new Set(job.tensors.map(({ making }) => making.dtype))],
    parameters: parametersOf(job),
  };
}

const parametersOf = ({ tensors }: MergeJob): number =>
  tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);

function describe({ base, models, methods, tensors, chains, dtypes, parameters }: Summary): string[] {
  const sets = chains === 1 ? '' : `, ${chains} sets of controls`;
  return [
    `merge: ${methods.join(' + ')} of ${models.join(', ')}${base === null ? '' : ` on ${base}`}${sets}`,
    `output: ${tensors.merged} tensors merged, ${tensors.copied} copied, ${parameters} values as ${dtypes.join(', ')}`,
  ];
}

function describeNeeds(needs: Needs): string[] {
  const { inputBytes, outputBytes, passes, peakBytes, largest } = needs;
  const most = largest === null ? '' : ` (for ${largest})`;
  return [
    `reads ${bytesInWords(inputBytes)}${passes > 1 ? ` ${passes} times` : ''}, writes ${bytesInWords(outputBytes)}`,
    `memory: at most ${bytesInWords(peakBytes)}${most}`,
    `time: at least ${Math.ceil(secondsFor(needs))} s at ${bytesInWords(DISK_BYTES_PER_SECOND)} per second of reading and writing`,
  ];
}
