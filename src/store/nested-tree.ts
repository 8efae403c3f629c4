/** Which experts nested MAP pairs, by name: the pairing outlives a change of the mix. */
import type { DrawnNode } from '../client/protocol.ts';
import type { Tree } from '../pareto/nested/tree.ts';

/** An expert's id, or a pair of what is merged. */
export type NamedTree = string | readonly [NamedTree, NamedTree];

export const expertsOf = (tree: NamedTree): readonly string[] =>
  typeof tree === 'string' ? [tree] : tree.flatMap(expertsOf);

/** The tree of these experts only, by their index; undefined when none of them is in it. */
export function indexed(tree: NamedTree, experts: readonly string[]): Tree | undefined {
  if (typeof tree === 'string') return experts.includes(tree) ? experts.indexOf(tree) : undefined;
  const [a, b] = [indexed(tree[0], experts), indexed(tree[1], experts)];
  return a !== undefined && b !== undefined ? [a, b] : (a ?? b);
}

export function named(tree: Tree, experts: readonly string[]): NamedTree {
  return typeof tree === 'number' ? (experts[tree] ?? '') : [named(tree[0], experts), named(tree[1], experts)];
}

/** The tree below a drawn node; of an expert, whose id is its index, that alone. */
export function treeBelow(nodes: readonly DrawnNode[], id: string): Tree {
  const node = nodes.find((each) => each.id === id);
  return node ? [treeBelow(nodes, node.left), treeBelow(nodes, node.right)] : Number(id);
}

/** Two models are paired; older pairs with any of their experts are given up, but for those inside the two. */
export function withPair(pairs: readonly NamedTree[], a: NamedTree, b: NamedTree): readonly NamedTree[] {
  const taken = [...expertsOf(a), ...expertsOf(b)];
  return [...pairs.filter((tree) => !expertsOf(tree).some((expert) => taken.includes(expert))), [a, b]];
}

/** Takes the topmost pair of a tree apart; the pairs below it stay. */
export function withoutPair(pairs: readonly NamedTree[], pair: NamedTree): readonly NamedTree[] {
  return pairs.flatMap((tree) =>
    tree === pair && typeof tree !== 'string' ? tree.filter((side) => typeof side !== 'string') : [tree],
  );
}
