import { metadata } from '../../methods/metadata.ts';

/** Every pre, merge and post step: as JSON with its controls, or as a table. */
export function methods(json: boolean): string {
  if (json) {
    const rows = metadata.methods.map(({ id, kind, name, family, needs, controls, result, reference }) => ({
      id,
      kind,
      name,
      family,
      needs,
      controls,
      // Pre and post steps have no result of their own: they change what goes into or comes out of a merge.
      result: result ?? null,
      reference,
    }));
    return JSON.stringify(rows, null, 2);
  }
  const width = Math.max(...metadata.methods.map(({ id }) => id.length));
  return metadata.methods
    .map(({ id, kind, summary }) => `${id.padEnd(width)}  ${kind.padEnd(5)}  ${summary}`)
    .join('\n');
}
