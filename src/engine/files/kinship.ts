/**
 * Whether models share a base, told from their weights: how far each expert is from the base, and in which direction. Only differences
 * of networks that began as the same one are task vectors.
 */
import type { Fit } from '../../formats/checkpoint/fit-table.ts';
import {
  type ExpertKinship,
  type Kinship,
  sayKinship,
  type TensorKinship,
  verdictOn,
} from '../../formats/checkpoint/kinship-words.ts';
import { sizeOf } from '../../models/parameter.ts';
import { StudioError } from '../fault.ts';
import type { Checkpoint, TensorPart } from './checkpoint.ts';
import { readValues } from './read-part.ts';

export type { Kinship };

/** A tensor of the base and what each expert calls it. */
export interface KinshipRow {
  readonly name: string;
  readonly experts: readonly string[];
}

export interface KinshipOptions {
  /** 'sampled' reads a part of a few matrices, in a moment; 'exact' everything. */
  readonly mode: Kinship['basis'];
  readonly rows: readonly KinshipRow[];
  progress(doneTensors: number, totalTensors: number): void;
  /** Lets messages in; rejects with a StoppedError when the work is no longer wanted. */
  breathe(): Promise<void>;
}

/** Matrices that are sampled: enough to see every depth of a network. */
const SAMPLED_TENSORS = 16;
/** Values of each: the cosine of unrelated matrices is then 0 ± 0.004. */
const SAMPLED_VALUES = 1 << 16;
/** Values of every model that are in memory at once, 4 MB. */
const CHUNK_VALUES = 1 << 20;

/** The tensors of a fit that are merged in equal shapes, which can be compared. */
export function kinshipRows({ rows, base }: Pick<Fit, 'rows' | 'base'>): readonly KinshipRow[] {
  if (base === null) return [];
  return rows.flatMap(({ cells, mismatches, buffer }) => {
    const names = cells.flatMap(({ tensor }) => tensor ?? []);
    const [name, ...experts] = names;
    return mismatches.length === 0 && !buffer && name !== undefined && names.length === cells.length
      ? [{ name, experts }]
      : [];
  });
}

/**
 * @param options its rows name tensors that all models have in the base's shape
 * @throws StudioError when a tensor is not there, or holds values that are not finite
 */
export async function kinshipOf(
  base: Checkpoint,
  experts: readonly Checkpoint[],
  { mode, rows, progress, breathe }: KinshipOptions,
): Promise<Kinship> {
  const chosen = mode === 'sampled' ? sample(rows, base) : rows;
  const tensors: TensorKinship[] = [];
  const matrices = noSums(experts.length);
  const vectors = noSums(experts.length);
  let bytes = 0;
  for (const [i, row] of chosen.entries()) {
    progress(i, chosen.length);
    const parts = [partOf(base, row.name), ...experts.map((expert, e) => partOf(expert, row.experts[e] ?? row.name))];
    const count = sizeOf(parts[0]?.shape ?? []);
    const length = mode === 'sampled' ? Math.min(count, SAMPLED_VALUES) : count;
    const sums = await sumsOf(parts, Math.floor((count - length) / 2), length, breathe);
    checkFinite(sums, [base, ...experts], row.name);
    bytes += length * 4 * parts.length;
    addTo((parts[0]?.shape.length ?? 0) > 1 ? matrices : vectors, sums);
    tensors.push({ name: row.name, ratios: ratiosOf(sums), cosines: cosinesOf(sums) });
  }
  progress(chosen.length, chosen.length);
  // Vectors say little: norms begin at one and biases at zero in every network. They count where there is nothing else.
  const all = matrices.base > 0 ? matrices : vectors;
  const ratios = ratiosOf(all);
  const found = experts.map(({ outline: { id, name } }, e): ExpertKinship => {
    const ratio = ratios[e] ?? 0;
    const likeness = cosine(all.withBase[e] ?? 0, all.experts[e] ?? 0, all.base);
    return { id, name, ratio, likeness, verdict: verdictOn(ratio, likeness) };
  });
  const report = {
    base: base.outline.name,
    experts: found,
    cosines: cosinesOf(all),
    tensors,
    basis: mode,
    read: { tensors: chosen.length, of: rows.length, bytes },
  };
  return { ...report, says: sayKinship(report) };
}

/** Matrices evenly over the rows, which go from input to output. */
function sample(rows: readonly KinshipRow[], base: Checkpoint): readonly KinshipRow[] {
  const wide = rows.filter(({ name }) => (base.parts.get(name)?.shape.length ?? 0) > 1);
  const from = wide.length > 0 ? wide : rows;
  if (from.length <= SAMPLED_TENSORS) return from;
  return Array.from(
    { length: SAMPLED_TENSORS },
    (_, i) => from[Math.round((i * (from.length - 1)) / (SAMPLED_TENSORS - 1))],
  ).flatMap((row) => row ?? []);
}

function partOf({ outline, parts }: Checkpoint, name: string): TensorPart {
  const part = parts.get(name);
  if (part) return part;
  throw new StudioError('files', `${outline.name}: has no tensor ${name}`);
}

function checkFinite({ base, experts }: Sums, models: readonly Checkpoint[], name: string): void {
  const at = [base, ...experts].findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new StudioError(
    'files',
    `${models[at]?.outline.name}: ${name}: holds values that are not finite`,
    'Leave that model out, or repair its file.',
  );
}

// ---------------------------------------------------------------- sums

/** Inner products over the values read so far. */
interface Sums {
  /** ‖θ₀‖² */
  base: number;
  /** ‖θ_t‖² */
  readonly experts: Float64Array;
  /** θ_t · θ₀ */
  readonly withBase: Float64Array;
  /** τ_i · τ_j, row by row. */
  readonly changes: Float64Array;
}

const noSums = (experts: number): Sums => ({
  base: 0,
  experts: new Float64Array(experts),
  withBase: new Float64Array(experts),
  changes: new Float64Array(experts * experts),
});

function addTo(total: Sums, more: Sums): void {
  total.base += more.base;
  for (const key of ['experts', 'withBase', 'changes'] as const)
    for (let i = 0; i < total[key].length; i++) total[key][i] = (total[key][i] ?? 0) + (more[key][i] ?? 0);
}

async function sumsOf(parts: readonly TensorPart[], from: number, length: number, breathe: () => Promise<void>) {
  const sums = noSums(parts.length - 1);
  for (let at = from; at < from + length; at += CHUNK_VALUES) {
    await breathe();
    const end = Math.min(at + CHUNK_VALUES, from + length);
    const [base, ...experts] = await Promise.all(parts.map((part) => readValues(part, at, end)));
    if (base) addChunk(sums, base, experts);
  }
  return sums;
}

function addChunk(sums: Sums, base: Float32Array, experts: readonly Float32Array[]): void {
  const count = experts.length;
  sums.base += dot(base, base);
  for (const [i, expert] of experts.entries()) {
    sums.experts[i] = (sums.experts[i] ?? 0) + dot(expert, expert);
    sums.withBase[i] = (sums.withBase[i] ?? 0) + dot(expert, base);
    for (let j = 0; j <= i; j++) {
      const value = changeProduct(expert, experts[j] ?? expert, base);
      sums.changes[i * count + j] = (sums.changes[i * count + j] ?? 0) + value;
      if (j < i) sums.changes[j * count + i] = (sums.changes[j * count + i] ?? 0) + value;
    }
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** (a − base) · (b − base) */
function changeProduct(a: Float32Array, b: Float32Array, base: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += ((a[i] as number) - (base[i] as number)) * ((b[i] as number) - (base[i] as number));
  return sum;
}

/** 0 where one of them is nothing but zeros. */
const cosine = (product: number, a: number, b: number): number => (a > 0 && b > 0 ? product / Math.sqrt(a * b) : 0);

const lengthAt = ({ changes, experts }: Sums, i: number): number => changes[i * experts.length + i] ?? 0;

/** ‖τ_t‖/‖θ₀‖; 0 where the base is nothing but zeros. */
const ratiosOf = (sums: Sums): number[] =>
  Array.from(sums.experts, (_value, i) => (sums.base > 0 ? Math.sqrt(lengthAt(sums, i) / sums.base) : 0));

function cosinesOf(sums: Sums): number[] {
  const count = sums.experts.length;
  return Array.from(sums.changes, (product, at) =>
    cosine(product, lengthAt(sums, Math.floor(at / count)), lengthAt(sums, at % count)),
  );
}
