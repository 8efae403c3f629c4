/** Names of tensors as patterns: dots between parts, `#` for a number. */

/** `layers.3.mlp.weight` → `layers.#.mlp.weight` */
export function patternOf(name: string): string {
  let pattern = '';
  let kept = 0;
  for (let start = 0; start >= 0 && start < name.length; start = name.indexOf('.', start) + 1 || name.length) {
    const end = endOfNumber(name, start);
    if (end === start || (end < name.length && name[end] !== '.')) continue;
    pattern += `${name.slice(kept, start)}#`;
    kept = end;
  }
  return kept === 0 ? name : pattern + name.slice(kept);
}

const ZERO = 48;
const NINE = 57;

/** Where a run of digits that begins at `start` ends. */
function endOfNumber(name: string, start: number): number {
  let end = start;
  while (end < name.length && name.charCodeAt(end) >= ZERO && name.charCodeAt(end) <= NINE) end++;
  return end;
}

/** What stands behind each dot of a name, and the name itself, longest first. */
export function tailsOf(name: string): readonly string[] {
  const tails = [name];
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) tails.push(name.slice(dot + 1));
  return tails;
}

/**
 * The number that stands in a name where a pattern has `#` at its end; 0 of patterns without one.
 * @returns undefined where the pattern does not occur in the name
 */
export function numberIn(name: string, pattern: string): number | undefined {
  const numbered = pattern.endsWith('#');
  const stem = numbered ? pattern.slice(0, -1) : pattern;
  for (let at = name.indexOf(stem); at >= 0; at = name.indexOf(stem, at + 1)) {
    const start = at + stem.length;
    const end = numbered ? endOfNumber(name, start) : start;
    const isWhole = (at === 0 || name[at - 1] === '.') && (end === name.length || name[end] === '.');
    if (isWhole && (!numbered || end > start)) return numbered ? Number(name.slice(start, end)) : 0;
    if (stem === '') break;
  }
  return undefined;
}
