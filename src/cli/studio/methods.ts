import { StudioError } from '../../engine/fault.ts';
import { methodDoc } from '../../formats/method-doc.ts';
import { docMarkdown, docsMarkdown } from '../../formats/method-markdown.ts';
import { handbook, metadata } from '../../methods/metadata.ts';
import { presets } from '../../methods/presets.ts';
import { methods as registered } from '../../methods/registry.ts';

interface MethodsOptions {
  readonly json: boolean;
  /** A method or preset, or "all" for a list of them, as Markdown. */
  readonly doc: string | undefined;
}

/** Every pre, merge and post step and every preset: as JSON with its controls, as a table, or in full as Markdown. */
export function methods({ json, doc }: MethodsOptions): string {
  if (doc !== undefined) return markdown(doc);
  const chains = presets.map((preset) => ({ ...preset, kind: 'preset' }));
  if (json) return JSON.stringify([...registered.map(row), ...chains], null, 2);
  const all = [...registered, ...chains];
  const width = Math.max(...all.map(({ id }) => id.length));
  return all.map(({ id, kind, summary }) => `${id.padEnd(width)}  ${kind.padEnd(6)}  ${summary}`).join('\n');
}

function row(method: (typeof registered)[number]) {
  const { id, kind, name, family, needs, controls, reference } = method;
  // Pre and post steps have no result of their own: they change what goes into or comes out of a merge.
  return { id, kind, name, family, needs, controls, result: method.kind === 'merge' ? method.result : null, reference };
}

function markdown(wanted: string): string {
  const ids = [...metadata.methods, ...metadata.presets].map(({ id }) => id);
  const docs = ids.flatMap((id) => methodDoc(id, metadata, handbook) ?? []);
  if (wanted === 'all') return docsMarkdown(docs);
  const doc = docs.find(({ id }) => id === wanted);
  if (doc) return docMarkdown(doc);
  throw new StudioError('recipe', `there is no method "${wanted}"; known: all, ${ids.join(', ')}`);
}
