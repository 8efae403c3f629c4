/** Other preferences for a nested MAP that was measured already. */
import type { Score } from '../point.ts';
import { type Measured, type NestedOptions, NODE_OPTIONS } from './nested.ts';
import type { NestedNode } from './node.ts';
import type { Tree } from './tree.ts';

export interface Missing {
  readonly node: string;
  /** 'samples': a model that the node merges has moved, so all its merges are others; 'pick': only its new pick is unmeasured. */
  readonly needs: 'samples' | 'pick';
}

export interface Rescored {
  /** Same tree. Nodes that need samples show their old front; nodes that need their pick have no scores. */
  readonly root: NestedNode;
  /** Children before their parents; empty when the stored data answer everything. */
  readonly missing: readonly Missing[];
}

/**
 * Solves each node again from its stored samples, as long as what it merges stays the same: a changed pick asks for one new
 * merge and makes the samples of all nodes above worthless. To measure what is missing, run `nested` again with the same tree
 * and options, the new preferences, and `measuredIn` the old root.
 */
export function rescored(
  root: NestedNode,
  options: Pick<NestedOptions, 'preferences' | 'range' | 'seed' | 'pickFrom' | 'solve'>,
): Rescored {
  if (root.kind === 'leaf') return { root, missing: [] };
  const [left, right] = [rescored(root.left, options), rescored(root.right, options)];
  const below = [...left.missing, ...right.missing];
  const children = { left: left.root, right: right.root };
  const moved = !same(children.left, root.left) || !same(children.right, root.right);
  if (moved || below.some(({ needs }) => needs === 'samples')) {
    return {
      root: { ...root, ...children, scores: undefined },
      missing: [...below, { node: root.id, needs: 'samples' }],
    };
  }
  const { preferences, solve, ...rest } = { ...NODE_OPTIONS, ...options };
  const solution = solve(children.left, children.right, root.samples, preferences, rest);
  const scores = same(solution, root) ? root.scores : scoresAt(root, solution.coefficients);
  const missing = scores ? below : [...below, { node: root.id, needs: 'pick' as const }];
  return { root: { ...root, ...children, ...solution, scores }, missing };
}

/** Everything that was measured for a tree. */
export function measuredIn(root: NestedNode): Measured[] {
  const own = root.scores ? [labelled(root.coefficients, root.leaves, root.scores)] : [];
  if (root.kind === 'leaf') return own;
  const samples = root.samples.map(({ coefficients, scores }) => labelled(coefficients, root.leaves, scores));
  return [...measuredIn(root.left), ...measuredIn(root.right), ...samples, ...own];
}

/** The tree of a root, to be merged along again. */
export function treeOf(root: NestedNode): Tree {
  return root.kind === 'leaf' ? (root.leaves[0] ?? 0) : [treeOf(root.left), treeOf(root.right)];
}

function scoresAt(
  {
    samples,
  }: { readonly samples: readonly { readonly coefficients: readonly number[]; readonly scores: readonly Score[] }[] },
  coefficients: readonly number[],
): readonly Score[] | undefined {
  return samples.find((sample) => same(sample, { coefficients }))?.scores;
}

type Vector = { readonly coefficients: readonly number[] };

function same(a: Vector, b: Vector): boolean {
  return a.coefficients.every((value, i) => value === b.coefficients[i]);
}

function labelled(coefficients: readonly number[], leaves: readonly number[], scores: readonly Score[]): Measured {
  return {
    coefficients,
    scores: Object.fromEntries(leaves.map((leaf, i) => [leaf, scores[i] ?? { correct: 0, n: 1 }])),
  };
}
