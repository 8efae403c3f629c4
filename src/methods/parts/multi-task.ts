/** τ_MTL, the one change of all tasks that per-task masks choose from: the sum of the task vectors, or that of TIES. */

import type { Input, Piece, Surveyor } from '../define.ts';
import { balanceOfSigns, ballotOf, elect } from './elect.ts';
import { hostRow, hostRows } from './host-rows.ts';
import { cutsOf, type Survey, surveyOf, trimmedRows } from './trim.ts';
import { type TrimGlobals, trimSurveyor } from './trim-survey.ts';

export type Joining = 'sum' | 'elected';

/** Of one piece. Magnitudes are sorted when they are first asked for: only TIES needs their order. */
export interface MultiTaskSurvey {
  readonly piece: Piece;
  readonly values: readonly Float32Array[];
  sorted(): Survey;
}

export async function surveyTasks({ piece, taskVectors }: Input): Promise<MultiTaskSurvey> {
  const values = await hostRows(taskVectors);
  let known: Survey | undefined;
  const sorted = () => {
    known ??= surveyOf(piece, values);
    return known;
  };
  return { piece, values, sorted };
}

/** Thresholds, and the sign that most weights elect; undefined for the plain sum. */
export type TiesGlobals = TrimGlobals | undefined;

export function concludeTasks(surveys: readonly MultiTaskSurvey[], joining: Joining, density: number): TiesGlobals {
  if (joining === 'sum') return undefined;
  const sorted = surveys.map((survey) => survey.sorted());
  const cuts = cutsOf(sorted, density, 'global');
  const balance = surveys.reduce(
    (total, { piece, values }) => total + balanceOfSigns(trimmedRows(values, piece, cuts), values.length),
    0,
  );
  return { cuts, majority: balance > 0 ? 1 : balance < 0 ? -1 : 0 };
}

/** The same for networks that are seen in parts. */
export const taskSurveyor = (joining: Joining, density: number, experts: number): Surveyor<TiesGlobals> =>
  joining === 'elected' ? trimSurveyor({ experts, density, scope: 'global', majority: true }) : NOTHING_TO_SURVEY;

const NOTHING_TO_SURVEY: Surveyor<undefined> = {
  passes: 0,
  add: () => {},
  endTensor: () => false,
  endPass: () => {},
  conclude: () => undefined,
};

/** @param values task vectors of the piece, by expert */
export async function multiTaskVector(
  values: readonly Float32Array[],
  piece: Piece,
  ties: TiesGlobals,
): Promise<Float32Array> {
  if (!ties) return sumOf(values, piece.length);
  const ballot = ballotOf(trimmedRows(values, piece, ties.cuts), values.length, [piece.length]);
  const everyone = values.map(() => 1);
  const change = elect(ballot, everyone, { merge: 'sum', zeroSign: ties.majority });
  const joined = await hostRow(change);
  change.dispose();
  if ('device' in ballot) ballot.device.dispose();
  return joined;
}

function sumOf(values: readonly Float32Array[], length: number): Float32Array {
  const sum = new Float64Array(length);
  for (const row of values) for (let i = 0; i < length; i++) sum[i] = (sum[i] as number) + (row[i] as number);
  return Float32Array.from(sum);
}

/**
 * TALL mask of one task: whether |τ_t| > λ·|τ_MTL − τ_t| (Wang et al. 2024, equation 3). Adds 1 to the counts of the weights that
 * it keeps.
 * @param joint τ_MTL
 * @returns how many weights it keeps
 */
export function countTallMask(own: Float32Array, joint: Float32Array, lambda: number, counts: Uint8Array): number {
  let kept = 0;
  for (let i = 0; i < own.length; i++) {
    // In range by the loop's bound.
    const value = own[i] as number;
    // A number rather than a branch, which the processor could not predict.
    const keeps = Math.abs(value) > lambda * Math.abs((joint[i] as number) - value) ? 1 : 0;
    counts[i] = (counts[i] as number) + keeps;
    kept += keeps;
  }
  return kept;
}
