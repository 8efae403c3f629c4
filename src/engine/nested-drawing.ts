/** Nodes of nested MAP as the page draws them: small plots of the accuracies below either side. */
import { combined, type OpenNode, type PairNode, type Sample, type Solution, sides } from '../pareto/nested/node.ts';
import { idOf, leavesOf, type Tree } from '../pareto/nested/tree.ts';
import type { Score } from '../pareto/point.ts';
import { predict } from '../pareto/surrogate/predict.ts';
import { thinned } from '../pareto/thinned.ts';

/** A small plot needs no more places of its line. */
const MOST_DRAWN = 60;

/** A merge in the plot of a node. */
export interface DrawnPoint {
  /** Over all experts, [N]. */
  readonly coefficients: readonly number[];
  /** Preference-weighted mean accuracies of the tasks below the left and the right side, 0…1. */
  readonly x: number;
  readonly y: number;
}

export interface DrawnPick {
  /** Of the left and the right model. */
  readonly c: readonly number[];
  readonly coefficients: readonly number[];
  readonly predicted: DrawnPoint;
  /** Null until it is measured. */
  readonly measured: DrawnPoint | null;
}

export interface DrawnNode {
  readonly id: string;
  /** Experts below, by index, those of the left side first. */
  readonly leaves: readonly number[];
  /** Ids of what it merges; of an expert its index. */
  readonly left: string;
  readonly right: string;
  /**
   * 'waiting': nothing is measured, 'sampling': its merges are being measured, 'choosing': only the merge that is preferred is
   * not, 'outdated': a model that it merges has changed, so that all its merges would be others now.
   */
  readonly state: 'waiting' | 'sampling' | 'choosing' | 'outdated' | 'done';
  readonly samples: readonly DrawnPoint[];
  /** Calibration samples behind each accuracy, the least; 0 without any. */
  readonly n: number;
  /** Predicted; empty until all its merges are measured. */
  readonly front: readonly DrawnPoint[];
  /** Leave-one-out R² of the two quadratics. */
  readonly fit: readonly (number | undefined)[];
  readonly pick: DrawnPick | null;
}

export const drawnDone = (node: PairNode, preferences: readonly number[], state: DrawnNode['state'] = 'done') =>
  drawn({ ...node, solution: node }, preferences, state, node.scores);

export const drawnOpen = (node: OpenNode, preferences: readonly number[]): DrawnNode =>
  drawn(node, preferences, node.solution ? 'choosing' : 'sampling');

export const drawnWaiting = (tree: readonly [Tree, Tree]): DrawnNode => ({
  id: idOf(tree),
  leaves: leavesOf(tree),
  left: idOf(tree[0]),
  right: idOf(tree[1]),
  state: 'waiting',
  samples: [],
  n: 0,
  front: [],
  fit: [],
  pick: null,
});

function drawn(
  node: OpenNode,
  preferences: readonly number[],
  state: DrawnNode['state'],
  picked?: readonly Score[],
): DrawnNode {
  const place = ({ coefficients, scores }: Omit<Sample, 'c'>): DrawnPoint => {
    const [x = 0, y = 0] = sides(node, scores, preferences).map(({ correct, n }) => correct / n);
    return { coefficients, x, y };
  };
  const { solution, samples } = node;
  return {
    id: node.id,
    leaves: node.leaves,
    left: node.left.id,
    right: node.right.id,
    state,
    samples: samples.map(place),
    n: samples.length > 0 ? Math.min(...samples.flatMap(({ scores }) => scores.map(({ n }) => n))) : 0,
    front: solution ? thinned(solution.front, MOST_DRAWN).map((point) => predictedFront(node, point)) : [],
    fit: solution ? solution.surrogates.map(({ looR2 }) => looR2) : [],
    pick: solution
      ? {
          c: solution.pick,
          coefficients: solution.coefficients,
          predicted: predictedAt(solution),
          measured: picked ? place({ coefficients: solution.coefficients, scores: picked }) : null,
        }
      : null,
  };
}

function predictedFront(
  { left, right }: OpenNode,
  { coefficients: c, estimates }: Solution['front'][number],
): DrawnPoint {
  const [x, y] = estimates;
  return { coefficients: combined(c, left.coefficients, right.coefficients), x: x?.mean ?? 0, y: y?.mean ?? 0 };
}

function predictedAt({ surrogates, pick, coefficients }: Solution): DrawnPoint {
  const [x = 0, y = 0] = surrogates.map((surrogate) => predict(surrogate, pick).mean);
  return { coefficients, x, y };
}
