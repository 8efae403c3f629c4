/** What the readers of JSON from elsewhere share. */
import * as v from 'valibot';

/** An object by name. Not valibot's record, which skips keys like "constructor" without a word. */
export const dictionary = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object of names',
);

/** Where, got and wanted of the first issue. */
export function issueInWords([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const path = v.getDotPath(issue);
  const wanted = issue.type === 'custom' ? issue.message : (issue.expected ?? issue.message);
  return `${path === null ? '' : `${path}: `}got ${issue.received}, wanted ${wanted}`;
}

/** Python writes these where JSON has no number. */
const PYTHON_NUMBER = /[:[,]\s*-?(NaN|Infinity)\b/;

/** The parsed text, with or without a byte order mark, or why it is no JSON. */
export function parseJson(text: string): { readonly json: unknown } | { readonly refusal: string } {
  try {
    return { json: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch (error) {
    const python = PYTHON_NUMBER.exec(text)?.[1];
    const todo = python === undefined ? '' : `; it holds ${python}, which JSON does not have: write null instead`;
    return { refusal: `no JSON: ${error instanceof Error ? error.message : error}${todo}` };
  }
}
