/** YAML as mergekit reads it (version 1.1), as plain data of which every part knows its line. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import type { ConfigurationProblem } from './configuration.ts';

/** A configuration by hand has a few hundred lines. */
const MAX_LENGTH = 200_000;
/** References may repeat what they stand for: so many parts are read in all. */
const MAX_PARTS = 50_000;
/** A part that refers to itself has no end; configurations are nested less than ten deep. */
const MAX_DEPTH = 50;

/** Of a scalar what YAML makes of it; dates and the like are texts. */
export type Located =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Located[]; readonly line: number }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Located>; readonly line: number };

export type LocatedMap = Extract<Located, { readonly kind: 'map' }>;

type Parsed =
  | { readonly kind: 'parsed'; readonly root: Located }
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] };

const refused = (line: number, message: string): Parsed => ({ kind: 'refused', problems: [{ line, message }] });

/** Never throws. */
export function parseLocated(text: string): Parsed {
  if (text.length > MAX_LENGTH)
    return refused(1, `the text has ${text.length} characters; at most ${MAX_LENGTH} are read`);
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const [document, second] = documents as readonly Document.Parsed[];
  if (!document) return refused(1, 'the text is empty: write merge_method and models');
  if (second) {
    return refused(
      lineAt(second.range?.[0] ?? 0),
      'a second document begins after “---”: that is a script of merges that build on each other; merge them one at a time',
    );
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      message: `no YAML: ${message}`,
    }));
    return { kind: 'refused', problems };
  }
  let parts = 0;
  let depth = 0;
  const locate = (node: unknown): Located => {
    parts++;
    depth++;
    if (parts > MAX_PARTS || depth > MAX_DEPTH) throw new TooMany();
    const located = inside(node);
    depth--;
    return located;
  };
  const inside = (node: unknown): Located => {
    const own = node as Node | null;
    const line = lineAt(own?.range?.[0] ?? 0);
    if (isAlias(node)) {
      const target = node.resolve(document);
      return target ? locate(target) : { kind: 'scalar', value: null, line };
    }
    if (isSeq(node)) return { kind: 'list', items: node.items.map(locate), line };
    if (isMap(node)) return { kind: 'map', entries: entriesOf(node, locate), line };
    const value = isScalar(node) ? node.value : null;
    return { kind: 'scalar', value: plain(value), line };
  };
  try {
    return { kind: 'parsed', root: locate(document.contents) };
  } catch (error) {
    if (error instanceof TooMany)
      return refused(
        1,
        `the text has more than ${MAX_PARTS} parts, or is nested more than ${MAX_DEPTH} deep: write references out`,
      );
    throw error;
  }
}

class TooMany extends Error {}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : String(value);
}

/** `<<` brings in what stands behind a reference, where the map itself says nothing. */
function entriesOf(map: YAMLMap, locate: (node: unknown) => Located): ReadonlyMap<string, Located> {
  const entries = new Map<string, Located>();
  const merged: Located[] = [];
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
    const located = locate(value);
    if (name === '<<') merged.push(...(located.kind === 'list' ? located.items : [located]));
    else entries.set(name, located);
  }
  for (const other of merged) {
    if (other.kind !== 'map') continue;
    for (const [name, value] of other.entries) if (!entries.has(name)) entries.set(name, value);
  }
  return entries;
}
