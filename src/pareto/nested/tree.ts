/** Which models nested MAP merges with which: experts by index, nodes as pairs of what they merge. */

export type Tree = number | readonly [Tree, Tree];

/** Experts below a node, from left to right. */
export function leavesOf(tree: Tree): number[] {
  return typeof tree === 'number' ? [tree] : [...leavesOf(tree[0]), ...leavesOf(tree[1])];
}

/** '(0,(1,2))': the same for the same tree, so that stored node data find their node again. */
export function idOf(tree: Tree): string {
  return typeof tree === 'number' ? String(tree) : `(${idOf(tree[0])},${idOf(tree[1])})`;
}

/** The side that holds the lowest expert comes first, at every node: how a pair was drawn then changes nothing. */
export function inOrder(tree: Tree): Tree {
  if (typeof tree === 'number') return tree;
  const [a, b] = [inOrder(tree[0]), inOrder(tree[1])];
  return Math.min(...leavesOf(a)) < Math.min(...leavesOf(b)) ? [a, b] : [b, a];
}

/**
 * The parts of a tree and every expert that is in none of them.
 * @throws Error unless every leaf is one of the experts 0 … experts − 1, and none is there twice
 */
export function forestOf(parts: readonly Tree[], experts: number): Tree[] {
  const used = parts.flatMap(leavesOf);
  const wrong = used.find((leaf, i) => !(leaf >= 0 && leaf < experts) || used.indexOf(leaf) < i);
  if (wrong !== undefined) {
    throw new Error(
      `the parts ${parts.map(idOf).join(' ')} have a leaf ${wrong}; wanted 0 to ${experts - 1}, each once`,
    );
  }
  const alone = Array.from({ length: experts }, (_, i) => i).filter((i) => !used.includes(i));
  return [...parts, ...alone].sort((a, b) => Math.min(...leavesOf(a)) - Math.min(...leavesOf(b)));
}

/** @throws Error unless every expert 0 … experts − 1 is a leaf exactly once */
export function checkTree(tree: Tree, experts: number): void {
  const leaves = leavesOf(tree);
  const wanted = Array.from({ length: experts }, (_, i) => i);
  if (leaves.toSorted((a, b) => a - b).join() !== wanted.join()) {
    throw new Error(
      `the tree ${idOf(tree)} has the leaves ${leaves.join(', ')}; wanted each of ${wanted.join(', ')} once`,
    );
  }
}

/** Positions of the two nearest numbers, the first such pair in list order: which models the official code merges next. */
export function closestPair(metrics: readonly number[]): readonly [number, number] {
  if (metrics.length < 2) throw new Error(`${metrics.length} models make no pair; wanted at least 2`);
  let closest: readonly [number, number] = [0, 1];
  let least = Number.POSITIVE_INFINITY;
  for (const [i, a] of metrics.entries()) {
    for (const [later, b] of metrics.slice(i + 1).entries()) {
      const distance = Math.abs(a - b);
      if (distance < least) [closest, least] = [[i, i + 1 + later], distance];
    }
  }
  return closest;
}
