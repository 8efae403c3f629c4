/** Which tensors of two models are the same, also where all names of one carry a prefix. */
import type { TensorOutline } from './outline.ts';

export interface Matching {
  /** The reference's name → the other model's tensor. */
  readonly of: ReadonlyMap<string, TensorOutline>;
  /** Tensors of the other model that the reference lacks, by their own names and in its order. */
  readonly rest: ReadonlyMap<string, TensorOutline>;
  /** What the other's names begin with more ('+model.') or less ('−model.') than the reference's; '' where they are alike. */
  readonly prefix: string;
}

/** Parts of a name that may be a prefix: `base_model.model.model.` is the longest in use. */
const MAX_PREFIX_PARTS = 4;

export function matchNames(reference: readonly TensorOutline[], other: readonly TensorOutline[]): Matching {
  const wanted = new Map(reference.map((tensor) => [tensor.name, tensor]));
  const of = new Map<string, TensorOutline>();
  const strangers: TensorOutline[] = [];
  for (const tensor of other) {
    if (wanted.has(tensor.name)) of.set(tensor.name, tensor);
    else strangers.push(tensor);
  }
  const lonely = new Map(reference.filter(({ name }) => !of.has(name)).map((tensor) => [tensor.name, tensor]));
  const prefix = prefixBetween(lonely, strangers);
  const rest = new Map<string, TensorOutline>();
  for (const tensor of strangers) {
    const name = prefix === '' ? undefined : withoutPrefix(tensor.name, prefix);
    if (name !== undefined && lonely.has(name)) of.set(name, tensor);
    else rest.set(tensor.name, tensor);
  }
  return { of, rest, prefix };
}

/** The name that the reference would use. */
function withoutPrefix(name: string, prefix: string): string | undefined {
  const own = prefix.slice(1);
  if (prefix.startsWith('−')) return `${own}${name}`;
  return name.startsWith(own) ? name.slice(own.length) : undefined;
}

/** The prefix by which most strangers find a tensor of their shape; '' where it is not most of what is unmatched on either side. */
function prefixBetween(lonely: ReadonlyMap<string, TensorOutline>, strangers: readonly TensorOutline[]): string {
  if (lonely.size === 0 || strangers.length === 0) return '';
  const candidates = [
    ...[...beginnings(strangers)].map((start) => `+${start}`),
    ...[...beginnings(lonely.values())].map((start) => `−${start}`),
  ].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  let best = { prefix: '', found: Math.min(lonely.size, strangers.length) / 2 };
  for (const prefix of candidates) {
    const found = strangers.filter((tensor) => {
      const name = withoutPrefix(tensor.name, prefix);
      const same = name === undefined ? undefined : lonely.get(name);
      return same !== undefined && sameShape(same.shape, tensor.shape);
    }).length;
    if (found > best.found) best = { prefix, found };
  }
  return best.prefix;
}

/** First parts of names up to a number, each with its dot. */
function beginnings(tensors: Iterable<TensorOutline>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name } of tensors) {
    let end = 0;
    for (let part = 0; part < MAX_PREFIX_PARTS; part++) {
      const dot = name.indexOf('.', end);
      if (dot < 0 || /^\d+$/.test(name.slice(end, dot))) break;
      end = dot + 1;
      found.add(name.slice(0, end));
    }
  }
  return found;
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);
