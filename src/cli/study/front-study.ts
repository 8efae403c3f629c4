/** What a few measured merges cover, beside a dense reference and beside other ways to spend as many evaluations. */
import { design, pointsNeeded, samplingRange } from '../../pareto/design/design.ts';
import { goalValues, type Observed, worstOf } from '../../pareto/map.ts';
import { randomSearch, rewardedSoups, sharedLambdaLine } from '../../pareto/search/baselines.ts';
import { taskObjectives } from '../../pareto/surrogate/objective.ts';
import { inBatches, type Measure, predictedFront } from './choosing.ts';
import { equalBudgets } from './equal-budget.ts';
import type { MeasuredMerges } from './measured-merges.ts';
import { CHOSEN, type FrontSet, RANDOM_SEED } from './sizes.ts';
import { chosenBy, shares, type Volumes, volumes } from './volumes.ts';

/** One way to spend the budget. */
interface Way {
  readonly name: WayName;
  /** Measured merges of each run. */
  readonly merges: number;
  /** Volume of each run as a share of the reference's. */
  readonly runs: readonly Volumes[];
}

export type WayName = 'map-batches' | 'map-front' | 'design' | 'random' | 'shared-lambda' | 'rewarded-soups';

export interface FrontResult {
  readonly experts: readonly string[];
  readonly seeds: readonly number[];
  readonly goal: number;
  readonly budget: number;
  readonly reference: {
    readonly kind: FrontSet['reference']['kind'];
    readonly merges: number;
    /** Merges that no other beats on the calibration split. */
    readonly front: number;
    /** Worst calibration accuracy of each task. */
    readonly worst: readonly number[];
    readonly volumes: Volumes;
  };
  readonly ways: readonly Way[];
}

export async function frontStudy(merges: MeasuredMerges, set: FrontSet): Promise<FrontResult> {
  const { experts, seeds, goal } = set;
  const objectives = taskObjectives(experts);
  const axes = merges.axes(experts);
  const box = axes.map(samplingRange);
  const designed = 2 * pointsNeeded(axes.length);
  const budget = designed + CHOSEN;
  const measure: Measure = (vectors) => merges.measure(experts, vectors, 'calibration');

  // A longer search begins with the shorter one: what is held out from the fits is part of it.
  const pool = randomSearch(box, Math.max(poolOf(set), budget * set.randomRuns), RANDOM_SEED);
  const random = await measure(pool);
  const dense = set.reference.kind === 'grid' ? await measure(grid(box, set.reference.steps)) : random;
  const worst = worstOf(goalValues(dense, objectives), experts.length);

  const volumesOf = async (observed: readonly Observed[]) => {
    const values = goalValues(observed, objectives);
    const chosen = chosenBy(values);
    const vectors = chosen.map((i) => observed[i]?.coefficients ?? []);
    const test = goalValues(await merges.measure(experts, vectors, 'test'), objectives);
    return volumes({ calibration: chosen.map((i) => values[i] ?? []), test }, worst);
  };
  const reference = await volumesOf(dense);
  const way = async (name: WayName, runs: readonly (readonly Observed[])[]): Promise<Way> => {
    const measured: Volumes[] = [];
    for (const run of runs) measured.push(shares(await volumesOf(run), reference));
    return { name, merges: runs[0]?.length ?? 0, runs: measured };
  };

  const [batches, fronts, designs]: [Observed[][], Observed[][], Observed[][]] = [[], [], []];
  for (const seed of seeds) {
    const start = { goals: experts, axes, designed: await measure(design(axes, designed, seed)), seed };
    designs.push(start.designed);
    batches.push(await inBatches(start, measure));
    fronts.push(await predictedFront(start, measure));
  }
  const line = await measure(sharedLambdaLine(experts.length, { min: 0, max: 1 }, budget));
  const soups = await measure(rewardedSoups(experts.length, budget));
  return {
    experts,
    seeds,
    goal,
    budget,
    reference: {
      kind: set.reference.kind,
      merges: dense.length,
      front: chosenBy(goalValues(dense, objectives)).length,
      worst,
      volumes: reference,
    },
    ways: [
      await way('map-batches', batches),
      await way('map-front', fronts),
      await way('design', designs),
      await way('random', equalBudgets(random, budget, set.randomRuns)),
      await way('shared-lambda', [line]),
      await way('rewarded-soups', [soups]),
    ],
  };
}

const poolOf = ({ reference }: FrontSet): number => (reference.kind === 'random' ? reference.merges : 0);

/** Evenly spaced vectors of the box with both ends, the last coefficient changing fastest. */
export function grid(box: readonly { readonly min: number; readonly max: number }[], steps: number): number[][] {
  return box.reduce<number[][]>(
    (rows, { min, max }) =>
      rows.flatMap((row) => Array.from({ length: steps }, (_, i) => [...row, min + (i / (steps - 1)) * (max - min)])),
    [[]],
  );
}
