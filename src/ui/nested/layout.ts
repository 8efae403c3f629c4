/** Where the nodes of a tree of pairs stand: experts on top in the order of the tree, each merge below what it merges. Pure. */

/** The part of a node that its place depends on. */
interface Pair {
  readonly id: string;
  readonly left: string;
  readonly right: string;
}

export interface Place {
  readonly id: string;
  /** Experts that lie left of it, and below it. */
  readonly from: number;
  readonly span: number;
  /** 0 for experts; else one more than the higher of what it merges. */
  readonly level: number;
}

export interface Layout {
  /** Experts by index, from left to right. */
  readonly order: readonly number[];
  readonly places: ReadonlyMap<string, Place>;
  readonly levels: number;
}

/** @param nodes may be a part of a tree: what is not merged yet stands side by side */
export function layoutOf(nodes: readonly Pair[], experts: number): Layout {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const merged = new Set(nodes.flatMap(({ left, right }) => [left, right]));
  const places = new Map<string, Place>();
  const order: number[] = [];
  const stand = (id: string): Place => {
    const node = byId.get(id);
    const from = order.length;
    if (!node) order.push(Number(id));
    const below = node ? [stand(node.left), stand(node.right)] : [];
    const level = Math.max(-1, ...below.map((place) => place.level)) + 1;
    const place = { id, from, span: order.length - from, level };
    places.set(id, place);
    return place;
  };
  const leaves = Array.from({ length: experts }, (_, i) => String(i));
  const tops = [...leaves, ...byId.keys()].filter((id) => !merged.has(id));
  const lowest = (id: string): number => {
    const node = byId.get(id);
    return node ? Math.min(lowest(node.left), lowest(node.right)) : Number(id);
  };
  const levels = tops.toSorted((a, b) => lowest(a) - lowest(b)).map((id) => stand(id).level);
  return { order, places, levels: Math.max(0, ...levels) };
}
