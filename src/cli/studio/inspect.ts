/** What models on disk are and, of two or more, whether they can be merged: the first is taken for the base of the others. */
import { StudioError } from '../../engine/fault.ts';
import { adaptTo } from '../../engine/files/adapter.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { kinshipOf, kinshipRows } from '../../engine/files/kinship.ts';
import { type Architecture, recognise, sizeOf } from '../../formats/checkpoint/architecture.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import type { Fit, FitRow } from '../../formats/checkpoint/fit-table.ts';
import { inWords } from '../../formats/checkpoint/fit-words.ts';
import type { Kinship } from '../../formats/checkpoint/kinship-words.ts';
import type { ModelOutline } from '../../formats/checkpoint/outline.ts';
import { placeOf } from '../../formats/checkpoint/tensor-place.ts';
import { bytesInWords } from '../../formats/in-words.ts';
import type { Dtype } from '../../formats/safetensors/dtype.ts';
import { openAll } from './open-models.ts';

export interface InspectOptions {
  readonly json: boolean;
  /** Reads all weights to compare them, not a sample. */
  readonly exact: boolean;
}

export async function inspect(paths: readonly string[], { json, exact }: InspectOptions): Promise<string> {
  if (paths.length === 0) throw new StudioError('recipe', 'a file or folder is missing: studio inspect a.safetensors');
  const opened: Checkpoint[] = [];
  for (const path of paths)
    opened.push(
      ...(await openAll(
        path,
        opened.map(({ outline }) => outline.id),
      )),
    );
  const [base, ...others] = opened;
  if (!base) throw new StudioError('files', `${paths.join(', ')}: holds no model`);
  const models = opened.map(({ outline }) => modelReport(outline));
  const compared = others.length > 0 ? await compare(base, others, exact) : undefined;
  if (json) return JSON.stringify({ models, fit: compared?.fit ?? null, kinship: compared?.kinship ?? null }, null, 2);
  const lines = models.flatMap((model) => describeModel(model, others.length === 0));
  return [...lines, ...(compared ? describeFit(compared.fit) : []), ...describeKinship(compared?.kinship)].join('\n');
}

async function compare(base: Checkpoint, others: readonly Checkpoint[], exact: boolean) {
  const experts: Checkpoint[] = [];
  for (const model of others) experts.push(model.outline.kind === 'adapter' ? await adaptTo(model, base) : model);
  const outlines = [base, ...experts].map(({ outline }) => outline);
  const [first, ...rest] = outlines.map(({ id }) => id);
  const fit = fitModels(outlines, { base: first ?? null, experts: rest, choices: {} });
  const rows = kinshipRows(fit);
  const nothing = { progress: () => {}, breathe: async () => {} };
  const mode = exact ? 'exact' : 'sampled';
  const kinship = rows.length > 0 ? await kinshipOf(base, experts, { mode, rows, ...nothing }) : null;
  return { fit, kinship };
}

// ---------------------------------------------------------------- models

interface DtypeCount {
  readonly dtype: Dtype;
  readonly tensors: number;
  readonly values: number;
}

interface ModelReport extends Omit<ModelOutline, 'tensors' | 'config'> {
  readonly architecture: Architecture;
  readonly dtypes: readonly DtypeCount[];
  readonly tensors: readonly (ModelOutline['tensors'][number] & ReturnType<typeof placeOf>)[];
}

function modelReport(outline: ModelOutline): ModelReport {
  const { id, name, kind, metadata, bytes } = outline;
  const architecture = recognise(outline);
  const tensors = outline.tensors.map((tensor) => ({ ...tensor, ...placeOf(tensor.name, tensor.shape, architecture) }));
  return { id, name, kind, bytes, metadata, architecture, dtypes: dtypesOf(outline), tensors };
}

function dtypesOf({ tensors }: ModelOutline): readonly DtypeCount[] {
  const found = new Map<Dtype, DtypeCount>();
  for (const { dtype, shape } of tensors) {
    const known = found.get(dtype) ?? { dtype, tensors: 0, values: 0 };
    found.set(dtype, { dtype, tensors: known.tensors + 1, values: known.values + sizeOf(shape) });
  }
  return [...found.values()];
}

const shaped = (shape: readonly number[] | null): string => (shape === null ? '–' : `[${shape.join(', ')}]`);

function describeModel(
  { name, kind, bytes, architecture, dtypes, metadata, tensors }: ModelReport,
  all: boolean,
): string[] {
  const { layers, hidden, vocabulary, tied, parameters, reason } = architecture;
  const facts = [
    architecture.name,
    ...(layers > 0 ? [`${layers} layers`] : []),
    ...(hidden === null ? [] : [`width ${hidden}`]),
    ...(vocabulary === null ? [] : [`vocabulary ${vocabulary}${tied ? ', tied embeddings' : ''}`]),
  ];
  const what = kind === 'adapter' ? 'adapter' : 'model';
  const lines = [
    `${name}: ${what}, ${tensors.length} tensors, ${inWords(parameters)} parameters, ${bytesInWords(bytes)}`,
    `  architecture: ${facts.join(', ')}. ${reason}`,
    `  types: ${dtypes.map(({ dtype, tensors: count, values }) => `${dtype} ${count} tensors, ${inWords(values)} values`).join('; ')}`,
    ...Object.entries(metadata).map(([key, value]) => `  metadata: ${key}: ${short(value)}`),
  ];
  if (!all) return lines;
  const width = Math.max(0, ...tensors.map((tensor) => tensor.name.length));
  return [
    ...lines,
    ...tensors.map((tensor) => `  ${tensor.name.padEnd(width)}  ${tensor.dtype} ${shaped(tensor.shape)}`),
  ];
}

/** Of a line: metadata may hold whole configurations. */
const LONGEST_VALUE = 100;
const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}…` : line;
};

// ---------------------------------------------------------------- fit

/** Tensors that fit everywhere are counted; the others are listed, with what every model has there. */
function describeFit({ summary, rows, decisions, refusals, remarks, models }: Fit): string[] {
  const differing = rows.filter(({ mismatches }) => mismatches.length > 0);
  const columns = models.map(({ name }) => name).join(' | ');
  return [
    '',
    summary,
    ...refusals.filter((refusal) => refusal !== summary).map((refusal) => `✗ ${refusal}`),
    ...(differing.length > 0 ? [`tensor | ${columns}`, ...differing.map(rowLine)] : []),
    ...decisions.map(
      ({ says, options }) => `? ${says} Choose: ${options.map(({ name, value }) => `${name} (${value})`).join(', ')}.`,
    ),
    ...remarks.map((remark) => `note: ${remark}`),
  ];
}

function rowLine({ name, cells }: FitRow): string {
  const marks = cells.map(
    ({ fits, shape, reason }) => `${fits ? '✓' : '✗'} ${shaped(shape)}${fits ? '' : ` ${reason}`}`,
  );
  return [name, ...marks].join(' | ');
}

function describeKinship(kinship: Kinship | null | undefined): string[] {
  if (!kinship) return [];
  const lines = kinship.experts.map(
    ({ name, ratio, likeness }) =>
      `  ${name}: ‖τ‖/‖θ₀‖ ${ratio.toPrecision(3)}, cosine of the weights with ${kinship.base} ${likeness.toFixed(3)}`,
  );
  return ['', kinship.says, ...lines];
}
