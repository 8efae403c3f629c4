/** `coefficients.csv` of a merge plan: which merge has which coefficients. The header is `id,coefficient.<name>,…`. */
import { readCsv } from './csv.ts';
import { quote } from './link-text.ts';
import { readDecimal } from './points-rules.ts';

const PREFIX = 'coefficient.';

export interface PlanVectors {
  readonly coefficients: readonly string[];
  /** By the merge's id. */
  readonly vectors: ReadonlyMap<string, readonly number[]>;
  /** What could not be read, with its line. */
  readonly problems: readonly string[];
}

/** Never throws: rows that cannot be read are told, the others are kept. */
export function readPlanVectors(text: string): PlanVectors {
  const [header, ...records] = readCsv(text);
  const titles = header?.fields.map((field) => field.text) ?? [];
  const idColumn = titles.indexOf('id');
  const columns = titles.flatMap((title, i) => (title.startsWith(PREFIX) && title !== PREFIX ? [{ title, i }] : []));
  const coefficients = columns.map(({ title }) => title.slice(PREFIX.length));
  const vectors = new Map<string, readonly number[]>();
  if (idColumn < 0 || columns.length === 0 || new Set(coefficients).size < coefficients.length) {
    const problem = `line ${header?.line ?? 1}: got ${quote(titles.join())}, wanted the header id,coefficient.<name>,…, each once`;
    return { coefficients: [], vectors, problems: [problem] };
  }
  const problems: string[] = [];
  for (const { line, fields, fault } of records) {
    const id = fields[idColumn]?.text ?? '';
    const values = columns.map(({ i }) => readDecimal(fields[i]?.text ?? ''));
    const bad = values.find((value) => typeof value === 'object');
    if (fault !== undefined) problems.push(`line ${line}: ${fault}`);
    else if (id === '') problems.push(`line ${line}: the id is empty: name the merge`);
    else if (vectors.has(id)) problems.push(`line ${line}: ${quote(id)} comes twice; the first one counts`);
    else if (bad) problems.push(`line ${line}: ${bad.refusal}`);
    else
      vectors.set(
        id,
        values.flatMap((value) => (typeof value === 'number' ? [value] : [])),
      );
  }
  return { coefficients, vectors, problems };
}
