/** Volumes of fronts on both splits: chosen by calibration, reported on the test split. */
import { nonDominated } from '../../pareto/front/dominance.ts';
import { hypervolume } from '../../pareto/quality/hypervolume.ts';

type Values = readonly (readonly number[])[];

/** The merges that none of the others beats on the calibration split, measured on both splits, in one order. */
export interface Front {
  readonly calibration: Values;
  readonly test: Values;
}

/** Volumes above two references: 0 % of every task, and the worst calibration accuracy of every task in the reference set. */
export interface Volumes {
  readonly zero: SplitVolumes;
  readonly worst: SplitVolumes;
}

export interface SplitVolumes {
  readonly calibration: number;
  readonly test: number;
}

/** Indices of the merges that calibration chooses. */
export function chosenBy(calibration: Values): number[] {
  return nonDominated(calibration);
}

export function volumes({ calibration, test }: Front, worst: readonly number[]): Volumes {
  const above = (reference: readonly number[]) => ({
    calibration: hypervolume(calibration, reference),
    test: hypervolume(test, reference),
  });
  return { zero: above(worst.map(() => 0)), worst: above(worst) };
}

/** Each volume as a share of the reference's. */
export function shares(own: Volumes, reference: Volumes): Volumes {
  const share = (of: SplitVolumes, all: SplitVolumes) => ({
    calibration: of.calibration / all.calibration,
    test: of.test / all.test,
  });
  return { zero: share(own.zero, reference.zero), worst: share(own.worst, reference.worst) };
}

export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, min: Math.min(...values), max: Math.max(...values) };
}
