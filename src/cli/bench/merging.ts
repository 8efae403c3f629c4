/** Merging: what a slider movement costs, and what a method's preparation costs before it. */
import { createMerger, type Merger } from '../../engine/merger.ts';
import { factorOf, flatCurve } from '../../formats/curves.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { withCurves } from '../../formats/recipe-curves.ts';
import { metadata } from '../../methods/metadata.ts';
import { expectNear } from './check.ts';
import type { Limits } from './machine.ts';
import { electedMerge, F32_EPSILON, linearMerge } from './naive.ts';
import type { Group } from './report.ts';
import { spreadOf } from './spread.ts';
import { path, recipeOf, type Subject } from './subject.ts';

const now = () => performance.now();

const DRAGS = 40;
const WARM_UPS = 10;
const LINEAR_GOAL_MS = 5;
const ELECTION_GOAL_MS = 25;
const SHAPED_GOAL_MS = 10;
const DENSITY = 0.2;

/** Merges at positions along a slider's path; the first ones are not counted. */
async function drag(merger: Merger, recipeAt: (step: number) => Recipe) {
  const combine: number[] = [];
  const whole: number[] = [];
  for (let step = -WARM_UPS; step < DRAGS; step++) {
    const recipe = recipeAt(step + WARM_UPS);
    const started = now();
    const { weights, combineMs } = await merger.merge(recipe);
    await merger.read(weights);
    const ms = now() - started;
    weights.dispose();
    if (step < 0) continue;
    combine.push(combineMs);
    whole.push(ms);
  }
  return { combine: spreadOf(combine), whole: spreadOf(whole) };
}

async function mergedBy(merger: Merger, recipe: Recipe): Promise<Float32Array> {
  const { weights } = await merger.merge(recipe);
  try {
    return await merger.read(weights);
  } finally {
    weights.dispose();
  }
}

export async function mergingGroup(subject: Subject, { copyGBs }: Limits): Promise<Group> {
  const { zoo, card, everyone } = subject;
  const count = everyone.length;
  const base = await zoo.model('base');
  const experts = await Promise.all(everyone.map((id) => zoo.model(id)));
  /** A float32 sum over the base and the experts rounds once per row, each time by a part of what has been added so far. */
  const nearSum = (lambda: readonly number[]) => {
    const rest = 1 - lambda.reduce((a, b) => a + b, 0);
    return (_: number, i: number) => {
      const size = (weight: number, row: Float32Array | undefined) => Math.abs(weight * (row?.[i] ?? 0));
      const mass = lambda.reduce((sum, weight, t) => sum + size(weight, experts[t]), size(rest, base));
      return (count + 1) * F32_EPSILON * mass;
    };
  };
  /** An election is rounded to float32 once or twice, and so is the change that is added to the base. */
  const nearElection = (wanted: number, i: number) =>
    4 * F32_EPSILON * (Math.abs(wanted) + Math.abs(wanted - (base[i] ?? 0)));
  const merger = createMerger(zoo, now);

  const linearAt = (step: number) => recipeOf(card, `#v=1&e=${everyone.join()}&l=${path(step, count).join()}`);
  expectNear(
    'linear merge',
    await mergedBy(merger, linearAt(1)),
    linearMerge(base, experts, path(1, count)),
    nearSum(path(1, count)),
  );
  const linear = await drag(merger, linearAt);

  /** Every expert has a curve of its own, with factors for every group: no two groups of a block have equal coefficients. */
  const curves = everyone.map((_, e) => {
    const at = (k: number) => 0.5 + ((3 * e + 5 * k) % 8) / 8;
    const groups = { attention: at(4), mlp: at(5), norm: at(6), embedding: at(7) };
    return { points: Array.from({ length: card.model.blocks }, (_one, k) => at(k)), groups };
  });
  const shapedAt = (step: number) => withCurves(linearAt(step), metadata, 'lambda', curves);
  const plainAt = path(1, count).map(
    (value, e) => value * factorOf(curves[e] ?? flatCurve(1), { depth: 0, group: 'embedding' }),
  );
  const { length: embedded } = zoo.table[0] ?? { length: 0 };
  expectNear(
    'first tensor of a merge with curves',
    (await mergedBy(merger, shapedAt(1))).subarray(0, embedded),
    linearMerge(base, experts, plainAt).subarray(0, embedded),
    nearSum(plainAt),
  );
  const shaped = await drag(merger, shapedAt);

  const electionAt = (step: number) =>
    recipeOf(
      card,
      `#v=1&e=${everyone.join()}&m=ties&l=${path(step, count).join()}&p.weighting=before-election&p.density=${DENSITY}`,
    );
  const elected = electedMerge(base, experts, { density: DENSITY, weights: path(1, count), lambda: 1 });
  expectNear('election', await mergedBy(merger, electionAt(1)), elected, nearElection);
  const election = await drag(merger, electionAt);
  merger.dispose();

  // Rows read, and the result written; the election reads the trimmed changes and the base.
  const bytes = 4 * base.length * (count + 2);
  const speed = (ms: number) => {
    const achieved = bytes / (ms * 1e6);
    return `${achieved.toFixed(1)} GB/s = ${((100 * achieved) / copyGBs).toFixed(0)} % of a copy`;
  };
  return {
    title: `Merging ${count} experts of ${base.length.toLocaleString('en')} weights (WebAssembly, Node)`,
    rows: [
      {
        what: 'combine, linear',
        measured: linear.combine,
        unit: 'ms',
        goal: LINEAR_GOAL_MS,
        beside: speed(linear.combine.median),
      },
      { what: 'combine, linear, a curve per expert', measured: shaped.combine, unit: 'ms', goal: SHAPED_GOAL_MS },
      {
        what: 'combine, election with weights',
        measured: election.combine,
        unit: 'ms',
        goal: ELECTION_GOAL_MS,
        beside: speed(election.combine.median),
      },
      { what: 'linear, to checked host weights', measured: linear.whole, unit: 'ms' },
      { what: 'election, to checked host weights', measured: election.whole, unit: 'ms' },
    ],
  };
}
