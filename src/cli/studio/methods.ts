import { metadata } from '../../methods/metadata.ts';

/** Every pre, merge and post step and every preset: as JSON with its controls, or as a table. */
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
    const presets = metadata.presets.map((preset) => ({ ...preset, kind: 'preset' }));
    return JSON.stringify([...rows, ...presets], null, 2);
  }
  const all = [...metadata.methods, ...metadata.presets.map((preset) => ({ ...preset, kind: 'preset' }))];
  const width = Math.max(...all.map(({ id }) => id.length));
  return all.map(({ id, kind, summary }) => `${id.padEnd(width)}  ${kind.padEnd(6)}  ${summary}`).join('\n');
}
