/**
 * One node of nested MAP: two models, each a vector of coefficients over all experts, merged by two coefficients. Its two
 * objectives are the preference-weighted means of the accuracies below either side, so it is plain MAP in two dimensions.
 */
import { type FrontPoint, predictFront } from '../front/front.ts';
import type { Range, Score } from '../point.ts';
import { preferredVector, weightedPick } from '../search/preference.ts';
import { quadraticOf } from '../surrogate/features.ts';
import { ACCURACY } from '../surrogate/link.ts';
import type { Surrogate } from '../surrogate/predict.ts';
import { emptyFit, observe, surrogateOf } from '../surrogate/surrogate.ts';

export interface LeafNode {
  readonly kind: 'leaf';
  readonly id: string;
  /** The expert's own index, alone. */
  readonly leaves: readonly number[];
  /** One-hot, [N]. */
  readonly coefficients: readonly number[];
  /** Measured on the leaves' tasks, in their order. */
  readonly scores: readonly Score[] | undefined;
}

export interface Sample {
  /** (c_a, c_b) */
  readonly c: readonly number[];
  /** c_a·a + c_b·b over the experts, [N]. */
  readonly coefficients: readonly number[];
  /** In the order of the node's leaves. */
  readonly scores: readonly Score[];
}

/** What a node predicts and chooses from its samples. */
export interface Solution {
  /** Of the objectives of the left and the right side, over (c_a, c_b). */
  readonly surrogates: readonly Surrogate[];
  /** Of (c_a, c_b): predicted objectives of the left and the right side. */
  readonly front: readonly FrontPoint[];
  /** The preferred (c_a, c_b). */
  readonly pick: readonly number[];
  /** Effective coefficients: products along the paths to the experts, [N]. */
  readonly coefficients: readonly number[];
}

interface Part {
  readonly id: string;
  readonly leaves: readonly number[];
  readonly left: NestedNode;
  readonly right: NestedNode;
  readonly samples: readonly Sample[];
}

/** A node that is being measured: its samples so far, and once all are there what they say. */
export interface OpenNode extends Part {
  readonly solution?: Solution;
}

export interface PairNode extends Part, Solution {
  readonly kind: 'pair';
  /** Of the pick, in the order of the leaves; undefined until it is measured. */
  readonly scores: readonly Score[] | undefined;
}

export type NestedNode = LeafNode | PairNode;

export interface NodeOptions {
  /** Of both coefficients of every node: what is sampled and searched. */
  readonly range: Range;
  readonly seed: number;
  /** Where the pick is looked for: on the predicted front, or only among merges that were measured. */
  readonly pickFrom: 'front' | 'samples';
}

/** Front and pick of a node from its samples: pure, so that a caller may remember what it gave. */
export type Solve = (
  left: NestedNode,
  right: NestedNode,
  samples: readonly Sample[],
  preferences: readonly number[],
  options: NodeOptions,
) => Solution;

/** c_a·a + c_b·b */
export function combined(c: readonly number[], a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => (c[0] ?? 0) * value + (c[1] ?? 0) * (b[i] ?? 0));
}

const STEPS = 2 ** 30;

/**
 * Weights as whole numbers, so that proportional ones are equal: rounding alone would move a pick a little, and with it the
 * merges that were measured for it. Without any weight all count the same.
 */
function proportions(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? Math.round((STEPS * weight) / total) : 1));
}

/**
 * The preference-weighted mean accuracy, as counts: n is such that the mean of equally likely answers has the variance that
 * the weighted mean has.
 * @param preferences one per score
 */
export function pooled(scores: readonly Score[], preferences: readonly number[]): Score {
  const weights = proportions(preferences);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let mean = 0;
  let variance = 0;
  for (const [i, { correct, n }] of scores.entries()) {
    const share = (weights[i] ?? 0) / total;
    mean += (share * correct) / n;
    variance += share ** 2 / n;
  }
  // Shares may sum to a little more than 1.
  return { correct: Math.min(1, mean) / variance, n: 1 / variance };
}

/** Front and pick of a node from its samples: nothing is measured here. */
export function solved(
  left: NestedNode,
  right: NestedNode,
  samples: readonly Sample[],
  preferences: readonly number[],
  { range, seed, pickFrom }: NodeOptions,
): Solution {
  const objectives = samples.map(({ scores }) => sides({ left, right }, scores, preferences));
  const box = [range, range];
  const surrogates = [0, 1].map((side) => {
    const fit = emptyFit(2, { box });
    for (const [i, { c }] of samples.entries()) observe(fit, c, objectives[i]?.[side] ?? { correct: 0, n: 1 });
    return surrogateOf(fit) ?? tooFew(samples.length);
  });
  const front = predictFront(surrogates, box, { seed, known: samples.map(({ c }) => c) });
  const weights = [left, right].map(({ leaves }) => leaves.reduce((sum, leaf) => sum + (preferences[leaf] ?? 0), 0));
  const sizes = [left.leaves.length, right.leaves.length];
  const wanted = proportions(weights.some((weight) => weight > 0) ? weights : sizes).map((weight) => weight / STEPS);
  const pick =
    pickFrom === 'front' ? pickFromFront(front, surrogates, wanted, box) : pickFromSamples(samples, objectives, wanted);
  return { surrogates, front, pick, coefficients: combined(pick, left.coefficients, right.coefficients) };
}

/** The two objectives of a merge: the preference-weighted mean accuracies below the left and the right side. */
export function sides(
  { left, right }: Pick<Part, 'left' | 'right'>,
  scores: readonly Score[],
  preferences: readonly number[],
): Score[] {
  const cut = left.leaves.length;
  const of = (leaves: readonly number[]) => leaves.map((leaf) => preferences[leaf] ?? 0);
  return [pooled(scores.slice(0, cut), of(left.leaves)), pooled(scores.slice(cut), of(right.leaves))];
}

function pickFromFront(
  front: readonly FrontPoint[],
  surrogates: readonly Surrogate[],
  weights: readonly number[],
  box: readonly Range[],
): number[] {
  const points = {
    coefficients: front.map(({ coefficients }) => coefficients),
    values: front.map(({ estimates }) => estimates.map(({ mean }) => mean)),
  };
  const objectives = surrogates.map(({ beta }) => ({ quadratic: quadraticOf(beta, 2), metric: ACCURACY }));
  return preferredVector(points, weights, objectives, box) ?? tooFew(0);
}

function pickFromSamples(
  samples: readonly Sample[],
  objectives: readonly Score[][],
  weights: readonly number[],
): number[] {
  const values = objectives.map((both) => both.map(({ correct, n }) => correct / n));
  return [...(samples[weightedPick(values, weights) ?? 0]?.c ?? tooFew(0))];
}

function tooFew(count: number): never {
  throw new Error(`a node has ${count} measured merges; wanted at least 6, as many as a quadratic in two has unknowns`);
}
