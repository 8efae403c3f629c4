/**
 * Nested MAP (NMMAP; Li et al. 2024, arXiv 2406.07529): models are merged two by two along a tree, each node by plain MAP in two
 * dimensions, so that N experts need N − 1 small fronts instead of one in N dimensions.
 */
import { sobol } from '../../core/random/sobol.ts';
import type { Range, Score } from '../point.ts';
import {
  combined,
  type LeafNode,
  type NestedNode,
  type NodeOptions,
  type OpenNode,
  type PairNode,
  pooled,
  type Solve,
  solved,
} from './node.ts';
import { checkTree, closestPair, forestOf, inOrder, type Tree } from './tree.ts';

export interface NestedOptions {
  readonly experts: number;
  /** One per expert, not negative; only their proportions count. */
  readonly preferences: readonly number[];
  /** Drawn by hand; without one the two models of nearest accuracy are merged next. */
  readonly tree?: Tree;
  /** Parts of a tree drawn by hand, where it is not drawn to the end: what is left is paired by nearest accuracy. */
  readonly parts?: readonly Tree[];
  /** Merges measured per node: the base, both models alone, then Sobol' points. */
  readonly points?: number;
  readonly range?: Range;
  readonly seed: number;
  readonly pickFrom?: NodeOptions['pickFrom'];
  /** Another than `solved`: one that remembers. */
  readonly solve?: Solve;
  /** Not asked for again: what an earlier run measured, see `measuredIn`. */
  readonly measured?: readonly Measured[];
}

type Defaulted = Required<Pick<NestedOptions, 'points' | 'range' | 'pickFrom' | 'solve'>>;

export const NODE_OPTIONS: Defaulted = { points: 20, range: { min: 0, max: 1 }, pickFrom: 'front', solve: solved };

export interface Measured {
  /** Over the experts, [N]. */
  readonly coefficients: readonly number[];
  /** By task, which is the index of its expert. */
  readonly scores: Readonly<Record<number, Score>>;
}

export interface NestedMerge {
  readonly coefficients: readonly number[];
  /** Tasks whose scores are wanted, by the index of their expert. */
  readonly tasks: readonly number[];
}

/** What to measure next, in any order. */
export interface NestedBatch {
  readonly node: string;
  readonly purpose: 'expert alone' | 'samples' | 'pick';
  readonly merges: readonly NestedMerge[];
  /** Nodes that are complete by now. */
  readonly nodes: readonly PairNode[];
  /** The node that the merges are for, unless they are an expert alone. */
  readonly open?: OpenNode;
}

export interface NestedResult {
  readonly root: NestedNode;
  /** In the order in which they were merged. */
  readonly nodes: readonly PairNode[];
  /** Merges, and accuracies of single tasks, that were asked for. */
  readonly merges: number;
  readonly taskEvaluations: number;
}

/** Per merge of the batch its scores, in the order of its tasks. */
export type NestedReply = readonly (readonly Score[])[];

type Steps<Result> = Generator<NestedBatch, Result, NestedReply>;

/** Yields batches and takes their scores; ending the iteration stops the search, and `measured` lets another continue it. */
export function* nested(options: NestedOptions): Steps<NestedResult> {
  const { experts, preferences, tree, parts = [] } = options;
  if (preferences.length !== experts || preferences.some((weight) => !(weight >= 0 && Number.isFinite(weight)))) {
    throw new Error(`the preferences are [${preferences.join(', ')}]; wanted ${experts} finite numbers, none negative`);
  }
  if (tree !== undefined) checkTree(tree, experts);
  const { min, max } = options.range ?? NODE_OPTIONS.range;
  if (!(min <= 0 && max >= 1)) throw new Error(`coefficients go from ${min} to ${max}; wanted 0 and 1 between them`);
  const run: Run = {
    options: { ...NODE_OPTIONS, ...options },
    known: new Map(),
    nodes: [],
    merges: 0,
    taskEvaluations: 0,
  };
  for (const { coefficients, scores } of options.measured ?? []) {
    for (const [task, score] of Object.entries(scores)) remember(run, coefficients, Number(task), score);
  }
  const root = tree === undefined ? yield* byNearness(run, parts.map(inOrder)) : yield* along(run, inOrder(tree));
  const { nodes, merges, taskEvaluations } = run;
  return { root, nodes, merges, taskEvaluations };
}

/** Mutable: what was measured, by coefficients and task, and which nodes are done. */
interface Run {
  readonly options: NestedOptions & Defaulted;
  readonly known: Map<string, Map<number, Score>>;
  nodes: readonly PairNode[];
  merges: number;
  taskEvaluations: number;
}

function* along(run: Run, tree: Tree): Steps<NestedNode> {
  if (typeof tree === 'number') return yield* leaf(run, tree);
  const left = yield* along(run, tree[0]);
  const right = yield* along(run, tree[1]);
  return yield* pair(run, left, right);
}

function* byNearness(run: Run, parts: readonly Tree[]): Steps<NestedNode> {
  const active: NestedNode[] = [];
  for (const tree of forestOf(parts, run.options.experts)) active.push(yield* along(run, tree));
  const lowest = ({ leaves }: NestedNode) => Math.min(...leaves);
  while (active.length > 1) {
    const [i, j] = closestPair(active.map((node) => accuracyOf(node, run.options.preferences)));
    const [b] = active.splice(j, 1);
    const [a] = active.splice(i, 1);
    if (!a || !b) break;
    active.push(yield* lowest(a) < lowest(b) ? pair(run, a, b) : pair(run, b, a));
  }
  const [root] = active;
  if (!root) throw new Error('nested MAP has no experts; wanted at least 1');
  return root;
}

/** Preference-weighted mean accuracy of a measured node on its own tasks. */
function accuracyOf({ leaves, scores = [] }: NestedNode, preferences: readonly number[]): number {
  const { correct, n } = pooled(
    scores,
    leaves.map((leafIndex) => preferences[leafIndex] ?? 0),
  );
  return correct / n;
}

function* leaf(run: Run, expert: number): Steps<LeafNode> {
  const coefficients = Array.from({ length: run.options.experts }, (_, i) => (i === expert ? 1 : 0));
  const node = { kind: 'leaf', id: String(expert), leaves: [expert], coefficients } as const;
  const merge = { coefficients, tasks: node.leaves };
  const [scores] = yield* measure(run, { node: node.id, purpose: 'expert alone' }, [merge]);
  return { ...node, scores };
}

function* pair(run: Run, left: NestedNode, right: NestedNode): Steps<PairNode> {
  const { points, range, seed, preferences, solve } = run.options;
  const id = `(${left.id},${right.id})`;
  const leaves = [...left.leaves, ...right.leaves];
  const merges = pairDesign(range, points, seed).map((c) => ({
    c,
    coefficients: combined(c, left.coefficients, right.coefficients),
    tasks: leaves,
  }));
  const open = { id, leaves, left, right };
  const early = merges.flatMap(({ c, coefficients }) => {
    const scores = knownScores(run, coefficients, leaves);
    return scores.length === leaves.length ? [{ c, coefficients, scores }] : [];
  });
  const measured = yield* measure(run, { node: id, purpose: 'samples', open: { ...open, samples: early } }, merges);
  const samples = merges.map(({ c, coefficients }, i) => ({ c, coefficients, scores: measured[i] ?? [] }));
  const solution = solve(left, right, samples, preferences, run.options);
  const pick = { coefficients: solution.coefficients, tasks: leaves };
  const [scores] = yield* measure(run, { node: id, purpose: 'pick', open: { ...open, samples, solution } }, [pick]);
  const node: PairNode = { kind: 'pair', ...open, samples, ...solution, scores };
  run.nodes = [...run.nodes, node];
  return node;
}

/** The base and both models alone, then scrambled Sobol' points of the square. */
function pairDesign({ min, max }: Range, count: number, seed: number): number[][] {
  const corners = [
    [0, 0],
    [1, 0],
    [0, 1],
  ];
  const unit = sobol(2, Math.max(0, count - corners.length), seed);
  const fill = Array.from({ length: unit.length / 2 }, (_, i) =>
    [...unit.subarray(2 * i, 2 * i + 2)].map((u) => min + u * (max - min)),
  );
  return [...corners, ...fill].slice(0, count);
}

/** Asks for what is not known yet, and hands out the scores of all. */
function* measure(
  run: Run,
  what: Pick<NestedBatch, 'node' | 'purpose' | 'open'>,
  wanted: readonly NestedMerge[],
): Steps<readonly (readonly Score[])[]> {
  const missing = wanted.flatMap(({ coefficients, tasks }) => {
    const left = tasks.filter((task) => !run.known.get(coefficients.join())?.has(task));
    return left.length > 0 ? [{ coefficients, tasks: left }] : [];
  });
  if (missing.length > 0) {
    const replies = yield { ...what, merges: missing, nodes: run.nodes };
    for (const [i, { coefficients, tasks }] of missing.entries()) {
      if (replies[i]?.length !== tasks.length) {
        throw new Error(
          `merge ${i} of node ${what.node} has ${replies[i]?.length ?? 0} scores; wanted ${tasks.length}`,
        );
      }
      for (const [k, score] of (replies[i] ?? []).entries()) remember(run, coefficients, tasks[k] ?? 0, score);
      run.taskEvaluations += tasks.length;
    }
    run.merges += missing.length;
  }
  return wanted.map(({ coefficients, tasks }) => knownScores(run, coefficients, tasks));
}

/** In the order of the tasks; those that are not known are left out. */
function knownScores({ known }: Run, coefficients: readonly number[], tasks: readonly number[]): Score[] {
  const scores = known.get(coefficients.join());
  return tasks.flatMap((task) => scores?.get(task) ?? []);
}

function remember({ known }: Run, coefficients: readonly number[], task: number, score: Score): void {
  const key = coefficients.join();
  const scores = known.get(key) ?? new Map<number, Score>();
  known.set(key, scores.set(task, score));
}
