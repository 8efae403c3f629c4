/** Tables of points for tests: any that a file can hold. */
import fc from 'fast-check';
import type { PointRow, PointsTable, TaskScore } from './points.ts';

/** Names with everything that a format could stumble over. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_-]{0,11}$/),
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.constantFrom(
    'a,b',
    'say "hi"',
    ' padded ',
    'two\nlines',
    'a\r\nb',
    '#hash',
    'toString',
    'constructor',
    'task.x',
    'µ;',
  ),
);
const names = (minLength: number) => fc.uniqueArray(name, { minLength, maxLength: 5 });
/** −0 is read as 0, on purpose. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => (value === 0 ? 0 : value));

const score: fc.Arbitrary<TaskScore> = fc.record(
  { value: fc.oneof(share, number), n: fc.integer({ min: 1, max: 5_000 }), stderr: share },
  { requiredKeys: ['value'] },
);

function some<T>(tasks: readonly string[], value: fc.Arbitrary<T>, minLength: number) {
  return fc.subarray([...tasks], { minLength }).chain((chosen) =>
    fc.tuple(...chosen.map(() => value)).map((values) => {
      return Object.fromEntries(chosen.flatMap((task, i) => (i in values ? [[task, values[i] as T] as const] : [])));
    }),
  );
}

function row(coefficients: number, tasks: readonly string[]): fc.Arbitrary<PointRow> {
  const vector = fc.array(number, { minLength: coefficients, maxLength: coefficients });
  const source = fc.option(fc.oneof(fc.string({ maxLength: 8 }), name), { nil: undefined });
  return fc.constantFrom('measured', 'estimated', 'predicted-then-measured').chain((kind) =>
    fc
      .record({
        coefficients: vector,
        scores: kind === 'estimated' ? fc.constant({}) : some(tasks, score, 1),
        estimated: some(tasks, number, kind === 'estimated' ? 1 : 0),
        source,
      })
      .map(({ source: from, ...rest }) => ({
        line: 0,
        kind,
        ...rest,
        ...(from === undefined ? {} : { source: from }),
      })),
  );
}

/** Any table without problems of form; `line` and `problems` are what a reader makes of it. */
export const anyTable: fc.Arbitrary<Pick<PointsTable, 'coefficients' | 'tasks' | 'rows'>> = fc
  .tuple(names(1), names(1))
  .chain(([coefficients, tasks]) =>
    fc.record({
      coefficients: fc.constant(coefficients),
      tasks: fc.constant(tasks),
      rows: fc.array(row(coefficients.length, tasks), { maxLength: 8 }),
    }),
  );

/** What a table holds, without where it was read. */
export function contentOf({ coefficients, tasks, rows }: Pick<PointsTable, 'coefficients' | 'tasks' | 'rows'>) {
  return { coefficients, tasks, rows: rows.map(({ line: _line, ...content }) => content) };
}
