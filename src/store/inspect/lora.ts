/** What is shown of a change as a low-rank adapter: errors by rank, and accuracies. */
import { energyLeft, errorAtRank } from '../../formats/lora/extracted.ts';
import { accuracyOf } from '../../formats/scores.ts';
import type { Behaviour, LoraQuestions } from './subject.ts';

export type Spectra = Awaited<ReturnType<LoraQuestions['spectra']>>;
type LoraTensor = Spectra['held'][number];

/** ‖ΔW − BA‖ ÷ ‖ΔW‖ of these tensors together. */
export const errorOf = (tensors: readonly LoraTensor[], rank: number): number => errorAtRank(tensors, rank);

export const errorOfTensor = (tensor: LoraTensor, rank: number): number =>
  Math.sqrt(energyLeft(tensor, rank) / tensor.energy);

/** 0…1; undefined where nothing is measured yet. */
export function accuracyIn(scores: Awaited<ReturnType<Behaviour['score']>>, task: string): number | undefined {
  const score = scores?.[task];
  return score && accuracyOf(score);
}
