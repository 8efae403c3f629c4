/** A recipe's chain over files that fit, as a job. */
import type { Catalogue } from '../../methods/metadata.ts';
import { mostGroups } from '../layer-groups.ts';
import { findMethod, groupsOf, knownMethod, mergeStep, type Recipe, type Step } from '../recipe.ts';
import { checkChain } from '../recipe-check.ts';
import { type Dtype, isFloat, isWeightDtype, type WeightDtype } from '../safetensors/dtype.ts';
import { spreadControls } from '../spread-controls.ts';
import type { Fit, FitRow } from './fit-table.ts';
import { refuseMethod } from './fitting-methods.ts';
import type { JobTensor, Making, MergeJob, Place } from './job.ts';
import { sameShape } from './matching.ts';

export interface JobOptions {
  /** Of the merged weights; 'as-base': as the base (or the first expert) stores each, float32 where that cannot be written. */
  readonly dtype: WeightDtype | 'as-base';
  /** `__metadata__` of the output. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A job was asked for that `refuseJob` had refused. */
class JobError extends Error {
  override name = 'JobError';
}

type Chained = Pick<Recipe, 'chain'>;

/** Why this recipe cannot be merged over these files, in sentences: open decisions among them. Empty when it can. */
export function refuseJob({ chain }: Chained, fit: Fit, catalogue: Catalogue): readonly string[] {
  const open = fit.decisions.filter(({ chosen }) => chosen === null);
  const broken = checkChain(chain, catalogue);
  return [
    ...fit.refusals,
    ...open.map(({ says, options }) => `${says} Choose: ${options.map(({ name }) => name).join(', ')}.`),
    ...(broken === undefined ? refuseChain(chain, fit, catalogue) : [broken]),
    ...(fit.rows.length > 0 && !fit.rows.some(isMerged) && open.length === 0 ? ['No tensor is left to merge.'] : []),
  ];
}

function refuseChain(chain: readonly Step[], fit: Fit, catalogue: Catalogue): readonly string[] {
  const step = mergeOf(chain, catalogue);
  const groups = groupsOf(step, catalogue);
  const most = mostGroups(fit.architecture.layers);
  const filtered = step.filter && fit.base === null;
  return [
    ...chain.flatMap(({ method }) => refuseMethod(knownMethod(catalogue, method), fit) ?? []),
    ...(groups > Math.max(1, most)
      ? [`${groups} groups of layers are too many for ${fit.architecture.layers} layers: choose at most ${most}.`]
      : []),
    ...(filtered ? ['Tensors that the filter leaves out keep the base’s weights: choose the base.'] : []),
  ];
}

const mergeOf = (chain: readonly Step[], catalogue: Catalogue): Step =>
  mergeStep({ family: '', experts: [], chain, seed: 0 }, catalogue);

const isMerged = ({ fate }: FitRow): boolean => fate.kind === 'merge';

/**
 * @param recipe its values per expert are in the order of `fit.experts`
 * @throws JobError with the first reason of `refuseJob`
 */
export function jobOfRecipe(
  recipe: Pick<Recipe, 'chain' | 'seed'>,
  fit: Fit,
  { dtype, metadata }: JobOptions,
  catalogue: Catalogue,
): MergeJob {
  const [refusal] = refuseJob(recipe, fit, catalogue);
  if (refusal !== undefined) throw new JobError(refusal);
  const step = mergeOf(recipe.chain, catalogue);
  const method = knownMethod(catalogue, step.method);
  const table = fit.rows.filter(isMerged);
  const blocks = Math.max(1, fit.architecture.layers);
  const spread = spreadControls(step, catalogue, method, { table, blocks });
  const setOf = new Map(table.map((row, i) => [row, spread.of[i] ?? 0]));
  const plain: Step = { method: step.method, controls: {} };
  const chains = spread.sets.map(({ controls }) =>
    recipe.chain.map((each) => (each === step ? { ...plain, controls } : each)),
  );
  const needsBase = recipe.chain.some(({ method: id }) => findMethod(catalogue, id)?.needs.base);
  const tensors = fit.rows.flatMap((row): readonly JobTensor[] => {
    const made = makingOf(row, { fit, dtype, set: setOf.get(row) ?? KEPT, needsBase });
    const { name, depth, role, group } = row;
    return made ? [{ name, shape: made.shape, depth, role, group, making: made.making }] : [];
  });
  return { chains, seed: recipe.seed, tensors, metadata, remarks: fit.remarks };
}

/** In place of a set of controls: the filter leaves the tensor to the base. */
const KEPT = -1;

interface Setting {
  readonly fit: Fit;
  readonly dtype: JobOptions['dtype'];
  /** Chain of the tensor, or KEPT. */
  readonly set: number;
  /** A step of the chain works on task vectors. */
  readonly needsBase: boolean;
}

type Made = Pick<JobTensor, 'shape' | 'making'>;

/** Undefined where nothing is written. */
function makingOf(row: FitRow, setting: Setting): Made | undefined {
  const { fit, dtype, set, needsBase } = setting;
  const { fate, cells, shape } = row;
  if (fate.kind === 'copy')
    return copyOf(
      row,
      fit.models.findIndex(({ id }) => id === fate.model),
      setting,
    );
  if (fate.kind !== 'merge') return undefined;
  if (set === KEPT) return copyOf(row, 0, setting);
  const places = cells.flatMap((_cell, i) => placeIn(row, fit, i) ?? []);
  const [first] = places;
  const hasBase = fit.base !== null;
  const fitted = places.some(({ rows }) => rows === 'fit');
  const base = hasBase && (needsBase || fitted) ? (first ?? null) : null;
  const own = dtype === 'as-base' ? writable(cells[0]?.dtype ?? null) : dtype;
  const making: Making = { kind: 'merge', base, experts: places.slice(hasBase ? 1 : 0), chain: set, dtype: own };
  return { shape, making };
}

/** A model's tensor as it is. */
function copyOf({ cells, buffer }: FitRow, index: number, { fit, dtype }: Setting): Made | undefined {
  const cell = cells[index];
  const model = fit.models[index];
  if (!model || cell?.tensor == null || !cell.shape || !cell.dtype) return undefined;
  const kept = dtype === 'as-base' || buffer || !isFloat(cell.dtype);
  const from = { model: model.id, tensor: cell.tensor };
  return { shape: cell.shape, making: { kind: 'copy', from, dtype: kept ? cell.dtype : dtype } };
}

function placeIn(row: FitRow, fit: Fit, index: number): Place | undefined {
  const { cells, shape, fate, byToken } = row;
  const { models } = fit;
  // An expert that takes no part changes nothing: the base's weights stand in.
  const idle = fate.kind === 'merge' && fate.without?.includes(models[index]?.id ?? '');
  if (idle) return placeIn(row, fit, 0);
  const cell = cells[index];
  const model = models[index];
  if (!model || cell?.tensor == null || cell.shape === null) return undefined;
  const place = { model: model.id, tensor: cell.tensor };
  return sameShape(cell.shape, shape) || byToken ? place : { ...place, rows: 'fit' };
}

const writable = (dtype: Dtype | null): WeightDtype => (dtype !== null && isWeightDtype(dtype) ? dtype : 'F32');
