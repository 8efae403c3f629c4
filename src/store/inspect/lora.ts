/** What is shown of a change as a low-rank adapter: errors by rank, sizes, and accuracies. */
import { energyLeft } from '../../formats/lora/extracted.ts';
import { accuracyOf } from '../../formats/scores.ts';
import type { Behaviour, LoraChoice, LoraQuestions } from './subject.ts';

export type Spectra = Awaited<ReturnType<LoraQuestions['spectra']>>;

/** A changed tensor in an adapter of some rank. */
export interface LoraRow {
  readonly name: string;
  readonly shape: readonly number[];
  readonly fate: 'factors' | 'in-full' | 'left-out' | 'nowhere';
  /** ‖ΔW − BA‖ ÷ ‖ΔW‖. */
  readonly error: number;
}

export interface LoraOutcome {
  /** ‖ΔW − BA‖ ÷ ‖ΔW‖ of the whole change. */
  readonly error: number;
  /** Of the matrices that have factors. */
  readonly matrices: number;
  /** Of the adapter, factors in float32. */
  readonly bytes: number;
  readonly rows: readonly LoraRow[];
}

const FACTOR_BYTES = 4;

/** What an adapter keeps and takes. */
export function outcomeOf({ held, left, whole }: Spectra, { rank, rest }: LoraChoice): LoraOutcome {
  const kept = new Set(rest === 'in-full' ? whole.tensors : []);
  const nowhere = new Set(whole.nowhere);
  let [energy, missed, inFactors, missedFactors, bytes] = [0, 0, 0, 0, rest === 'in-full' ? whole.bytes : 0];
  const rows = [...held, ...left].map((tensor): LoraRow => {
    const { name, shape } = tensor;
    const isHeld = tensor.values.length > 0;
    const fate = kept.has(name) ? 'in-full' : isHeld ? 'factors' : nowhere.has(name) ? 'nowhere' : 'left-out';
    const lost = fate === 'in-full' ? 0 : energyLeft(tensor, rank);
    energy += tensor.energy;
    missed += lost;
    if (fate === 'factors') {
      inFactors += tensor.energy;
      missedFactors += lost;
      bytes += FACTOR_BYTES * Math.min(rank, tensor.values.length) * sides(shape);
    }
    return { name, shape, fate, error: ratio(lost, tensor.energy) };
  });
  return { error: ratio(missed, energy), matrices: ratio(missedFactors, inFactors), bytes, rows };
}

/** ‖ΔW − BA‖ ÷ ‖ΔW‖ of the whole change at rank 0, 1, … up to `most`. */
export function errorsByRank(
  { held, left, whole }: Spectra,
  rest: LoraChoice['rest'],
  most: number,
): readonly number[] {
  const kept = new Set(rest === 'in-full' ? whole.tensors : []);
  const all = [...held, ...left];
  const energy = all.reduce((sum, tensor) => sum + tensor.energy, 0);
  const lossy = all.filter(({ name }) => !kept.has(name));
  let lost = lossy.reduce((sum, tensor) => sum + tensor.energy, 0);
  return Array.from({ length: most + 1 }, (_, rank) => {
    if (rank > 0) for (const { values } of lossy) lost -= (values[rank - 1] ?? 0) ** 2;
    return ratio(Math.max(lost, 0), energy);
  });
}

/** Tables of a changed vocabulary. */
export const resizedIn = ({ left }: Spectra) => left.filter(({ rowsBefore }) => rowsBefore !== null);

const ratio = (lost: number, of: number): number => (of > 0 ? Math.sqrt(lost / of) : 0);

/** Rows and columns of a matrix together. */
function sides(shape: readonly number[]): number {
  const size = shape.reduce((product, side) => product * side, 1);
  const rows = shape[0] ?? 1;
  return rows + size / rows;
}

/** 0…1; undefined where nothing is measured yet. */
export function accuracyIn(scores: Awaited<ReturnType<Behaviour['score']>>, task: string): number | undefined {
  const score = scores?.[task];
  return score && accuracyOf(score);
}
