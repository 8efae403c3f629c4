/** Names of tensors as patterns: dots between parts, `#` for a number. */

const isNumber = (part: string): boolean => /^\d+$/.test(part);

/** `layers.3.mlp.weight` → `layers.#.mlp.weight` */
export const patternOf = (name: string): string => (/\d/.test(name) ? name.replace(/(^|\.)\d+(?=\.|$)/g, '$1#') : name);

/** What stands behind each dot of a name, and the name itself, longest first. */
export function tailsOf(name: string): readonly string[] {
  const tails = [name];
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) tails.push(name.slice(dot + 1));
  return tails;
}

/** The name from where a pattern begins in it, at a dot or at its start; undefined where it does not occur. */
function from(name: string, stem: string): string | undefined {
  for (let at = name.indexOf(stem); at >= 0; at = name.indexOf(stem, at + 1)) {
    if (at === 0 || name[at - 1] === '.') return name.slice(at + stem.length);
  }
  return undefined;
}

/**
 * The number that stands in a name where a pattern has `#` at its end; 0 of patterns without one.
 * @returns undefined where the pattern does not occur in the name
 */
export function numberIn(name: string, pattern: string): number | undefined {
  if (!pattern.endsWith('#')) {
    const rest = from(name, pattern);
    return rest === '' || rest?.startsWith('.') ? 0 : undefined;
  }
  const number = from(name, pattern.slice(0, -1))?.split('.', 1)[0];
  return number !== undefined && isNumber(number) ? Number(number) : undefined;
}
