/**
 * Nested MAP for the page. Every request brings all that is measured, and the search is replayed over it: so pausing, going on
 * and reloading cost nothing, and other preferences are first answered from what is there.
 */
import { type Measured, type NestedMerge, type NestedOptions, nested } from '../pareto/nested/nested.ts';
import { type NestedNode, type OpenNode, type PairNode, type Solve, solved } from '../pareto/nested/node.ts';
import { rescored } from '../pareto/nested/rescore.ts';
import { inOrder, type Tree } from '../pareto/nested/tree.ts';
import type { MeasuredPoint, Range, Score } from '../pareto/point.ts';
import { type DrawnNode, drawnDone, drawnOpen, drawnWaiting } from './nested-drawing.ts';
import { type Remaining, remainingOf } from './nested-remaining.ts';
import { scoreOf, type TaskResult, taskResults } from './nested-result.ts';

export interface NestedRequest {
  /** Task of each expert, in the order of the coefficients. */
  readonly tasks: readonly string[];
  /** Measured merges of one study, their coefficients one per expert. Calibration scores choose. */
  readonly points: readonly MeasuredPoint[];
  /** One per expert; only their proportions count. */
  readonly preferences: readonly number[];
  /** The tree, or parts of it, experts by index; what they leave is paired by nearest accuracy. */
  readonly parts: readonly Tree[];
  readonly seed: number;
  readonly pointsPerNode: number;
  /** Of the two coefficients of every node. */
  readonly range: Range;
  /** Preferences for which the tree was measured to the end: its merges answer others until theirs are measured. */
  readonly before?: readonly number[];
}

export interface NestedStatus {
  /** Each expert alone on its own task, calibration split; null while it is not measured. */
  readonly alone: readonly (Score | null)[];
  /** Children before their parents; upper ones are missing while the pairing is not decided. */
  readonly nodes: readonly DrawnNode[];
  /** What to measure next; null when nothing is left. */
  readonly next: { readonly node: string; readonly merges: readonly NestedMerge[] } | null;
  readonly remaining: Remaining;
  /** Of the merge that the root prefers, by task; null while the root has chosen none. */
  readonly result: readonly TaskResult[] | null;
}

/** Solutions that are remembered: a replay then costs only what is new. */
const MOST_SOLUTIONS = 200;

export function createNested(): (request: NestedRequest) => NestedStatus {
  const solve = remembering(solved);
  return (request) => statusOf(request, solve);
}

/** A node with what is drawn of it. */
interface Known {
  readonly part: OpenNode;
  readonly drawn: DrawnNode;
}

function statusOf(request: NestedRequest, solve: Solve): NestedStatus {
  const { tasks, points, preferences, parts, range, seed, before, pointsPerNode } = request;
  const measured = points.map((point) => measuredOf(point, tasks));
  const options = { experts: tasks.length, preferences, parts, points: pointsPerNode, range, seed, solve, measured };
  const step = nested(options).next();
  const batch = step.done ? null : step.value;
  const known: Known[] = step.value.nodes.map((node) => knownNode(node, preferences, 'done'));
  if (batch?.open) known.push({ part: batch.open, drawn: drawnOpen(batch.open, preferences) });
  if (batch && before) known.push(...chosenAnew(options, before).filter(({ drawn }) => !has(known, drawn.id)));
  const rest = parts.flatMap(waiting).filter(({ id }) => !has(known, id));
  const nodes = [...known.map(({ drawn }) => drawn), ...rest].sort((a, b) => a.leaves.length - b.leaves.length);
  const alone = tasks.map((_, i) => measured.find(({ coefficients }) => isAlone(coefficients, i))?.scores[i] ?? null);
  const unmeasured = alone.flatMap((score, i) => (score ? [] : [i]));
  const root = known.find(({ part }) => part.leaves.length === tasks.length && part.solution);
  return {
    alone,
    nodes,
    next: batch && { node: batch.node, merges: batch.merges },
    remaining: remainingOf(nodes, batch, tasks.length, unmeasured, pointsPerNode),
    result: root ? taskResults(root.part, tasks, points, range) : null,
  };
}

const has = (known: readonly Known[], id: string): boolean => known.some(({ part }) => part.id === id);

function knownNode(node: PairNode, preferences: readonly number[], state: DrawnNode['state']): Known {
  return { part: { ...node, solution: node }, drawn: drawnDone(node, preferences, state) };
}

/** The nodes of the tree that was measured for the preferences before, as they choose with these; children first. */
function chosenAnew(options: NestedOptions, before: readonly number[]): Known[] {
  const step = nested({ ...options, preferences: before }).next();
  if (!step.done) return [];
  const { root, missing } = rescored(step.value.root, options);
  const states = { samples: 'outdated', pick: 'choosing' } as const;
  const all = (node: NestedNode): Known[] => {
    if (node.kind === 'leaf') return [];
    const needs = missing.find((each) => each.node === node.id)?.needs;
    return [
      ...all(node.left),
      ...all(node.right),
      knownNode(node, options.preferences, needs ? states[needs] : 'done'),
    ];
  };
  return all(root);
}

function waiting(part: Tree): DrawnNode[] {
  const all = (tree: Tree): DrawnNode[] =>
    typeof tree === 'number' ? [] : [...all(tree[0]), ...all(tree[1]), drawnWaiting(tree)];
  return all(inOrder(part));
}

function measuredOf({ coefficients, calibration }: MeasuredPoint, tasks: readonly string[]): Measured {
  const scores = tasks.flatMap((task, i) => {
    const score = scoreOf(calibration[task]);
    return score ? [[i, score] as const] : [];
  });
  return { coefficients, scores: Object.fromEntries(scores) };
}

const isAlone = (coefficients: readonly number[], expert: number): boolean =>
  coefficients.every((value, i) => value === (i === expert ? 1 : 0));

/** Gives the same solution for the same node, without solving it again. */
function remembering(solve: Solve): Solve {
  const known = new Map<string, ReturnType<Solve>>();
  return (left, right, samples, preferences, options) => {
    const weights = [...left.leaves, ...right.leaves].map((leaf) => preferences[leaf]);
    const sides = [left, right].map(({ leaves, coefficients }) => ({ leaves, coefficients }));
    const key = JSON.stringify([sides, samples, weights, options.range, options.seed, options.pickFrom]);
    const solution = known.get(key) ?? solve(left, right, samples, preferences, options);
    known.delete(key);
    known.set(key, solution);
    const [oldest] = known.keys();
    if (known.size > MOST_SOLUTIONS && oldest !== undefined) known.delete(oldest);
    return solution;
  };
}
