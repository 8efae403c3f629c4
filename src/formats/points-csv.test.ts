import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import { anyTable, contentOf } from './points.testing.ts';
import { isShare, problemInWords, scoreOf } from './points.ts';
import { readPointsCsv, writePointsCsv } from './points-csv.ts';

const HEADER = 'coefficient.digits,coefficient.kana,task.digits,task.kana,n.digits';
const GOOD = '0.5,0.25,0.9,0.8,512';

/** What is told about one row between two good ones. */
function toldOf(row: string) {
  const table = readPointsCsv(`${HEADER}\n${GOOD}\n${row}\n0.1,0.2,0.7,0.6,512\n`);
  return {
    told: table.problems.map((problem) => problemInWords(table, problem)),
    kept: table.rows.map(({ line }) => line),
  };
}

describe('points as CSV', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const read = readPointsCsv(writePointsCsv(table));
        expect(contentOf(read)).toEqual(contentOf(table));
        expect(read.problems.filter(({ effect }) => effect === 'left-out')).toEqual([]);
      }),
    );
  });

  it('reads the documented header, in any order of columns', () => {
    const table = readPointsCsv(
      `task.kana,n.kana,coefficient.a,source,coefficient.b,task.digits\n.8,64,-.5,run 3,1e-3,\n`,
    );
    expect(table).toEqual({
      coefficients: ['a', 'b'],
      tasks: ['kana', 'digits'],
      rows: [
        {
          line: 2,
          coefficients: [-0.5, 0.001],
          scores: { kana: { value: 0.8, n: 64 } },
          estimated: {},
          kind: 'measured',
          source: 'run 3',
        },
      ],
      problems: [
        {
          line: 2,
          effect: 'note',
          message: '“digits”: no value, so not measured for this merge; the rest of the row is used.',
        },
      ],
      counts: 'line',
    });
  });

  it('writes only the columns that some row needs', () => {
    const rows = [
      { line: 2, coefficients: [0.5], scores: { kana: { value: 0.8 } }, estimated: {}, kind: 'measured' as const },
    ];
    expect(writePointsCsv({ coefficients: ['a'], tasks: ['kana'], rows })).toBe('coefficient.a,task.kana\n0.5,0.8\n');
  });

  it('keeps estimated and measured values apart', () => {
    const text = [
      'coefficient.a,task.kana,estimated.kana,kind',
      '0,0.8,,measured',
      '0.5,,0.85,estimated',
      '1,0.7,0.75,predicted-then-measured',
      '',
    ].join('\n');
    const table = readPointsCsv(text);
    expect(table.problems).toEqual([]);
    expect(table.rows.map(({ kind, scores, estimated }) => ({ kind, scores, estimated }))).toEqual([
      { kind: 'measured', scores: { kana: { value: 0.8 } }, estimated: {} },
      { kind: 'estimated', scores: {}, estimated: { kana: 0.85 } },
      { kind: 'predicted-then-measured', scores: { kana: { value: 0.7 } }, estimated: { kana: 0.75 } },
    ]);
    expect(writePointsCsv(table)).toBe(text);
  });

  it('says per task whether its values can be accuracies', () => {
    const table = readPointsCsv('coefficient.a,task.loss,task.acc\n0,2.5,0\n1,0.5,1\n');
    expect([isShare(table, 'loss'), isShare(table, 'acc')]).toEqual([false, true]);
    expect(table.rows).toHaveLength(2);
    expect(table.problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '2 task “loss”: 1 of 2 values lie outside 0…1, for example 2.5, so it is read as a metric without bounds, not as an accuracy. If they are percents, divide them by 100; if one is a slip, correct it.',
    ]);
  });

  it('does not take a task for a property of every object', () => {
    const table = readPointsCsv('coefficient.a,task.toString,task.b\n0,,0.5\n');
    expect(table.rows.map((row) => scoreOf(row, 'toString'))).toEqual([undefined]);
  });
});

describe('a bad row is told by its line and left out', () => {
  it.each([
    ['0.5,x1,0.9,0.8,512', '“coefficient.kana”: got “x1”, wanted a number: correct it or remove the row.'],
    ['0.5,,0.9,0.8,512', '“coefficient.kana” is empty, wanted a number: fill it in or remove the row.'],
    ['"0,5",0.25,0.9,0.8,512', '“coefficient.digits”: got “0,5”, wanted a number: it has a decimal comma; write 0.5.'],
    [
      '0,5,0.25,0.9,0.8,512',
      'got 6 columns, wanted 5 as in the header: write numbers with a decimal point, and quote texts that hold a comma.',
    ],
    [
      '0.5,0.25,0.9',
      'got 3 columns, wanted 5 as in the header: leave a cell empty where nothing was measured, but keep its comma.',
    ],
    [
      '0.5,0.25,83.1%,0.8,512',
      '“task.digits”: got “83.1%”, wanted a number: percents are not guessed; divide by 100 and leave the sign out, here 0.831.',
    ],
    [
      '0.5,0.25,NaN,0.8,512',
      '“task.digits”: got “NaN”, wanted a number: it was not measured; leave the cell empty, or remove the row.',
    ],
    ['0.5,0.25,1e999,0.8,512', '“task.digits”: got “1e999”, wanted a number: correct it or remove the row.'],
    [
      '0.5,0.25,0.9,0.8,"1,024"',
      '“n.digits”: got “1,024”, wanted a number: the comma may be read in two ways; write 1.024 or 1024.',
    ],
    ['0.5,0.25,0.9,0.8,12 800', '“n.digits”: got “12 800”, wanted a number: leave out what separates the thousands.'],
    [
      '0.5,0.25,0.9,0.8,51.2',
      '“n.digits”: got 51.2, wanted a number of samples, a whole number from 1: correct it or leave it empty.',
    ],
    [
      '0.5,0.25,0.9,0.8,0',
      '“n.digits”: got 0, wanted a number of samples, a whole number from 1: correct it or leave it empty.',
    ],
    ['0.5,0.25,,,', 'no task has a value, so nothing was measured: add one or remove the row.'],
    ['0.5,"0.25"x,0.9,0.8,512', 'there is text after a closing quotation mark: correct the quotation marks.'],
    [
      'a,b,0.9,0.8,512',
      '“coefficient.digits”: got “a”, wanted a number: correct it or remove the row; “coefficient.kana”: got “b”, wanted a number: correct it or remove the row.',
    ],
    [
      'a,b,c,d,e',
      `${['coefficient.digits', 'coefficient.kana', 'task.digits', 'task.kana'].map((title, i) => `“${title}”: got “${'abcd'[i]}”, wanted a number: correct it or remove the row`).join('; ')}; and 1 more.`,
    ],
  ])('%s', (row, message) => {
    expect(toldOf(row)).toEqual({ told: [`line 3: ${message}`], kept: [2, 4] });
  });

  it.each([
    [
      'estimated',
      '0.8',
      '',
      'kind is estimated, but “kana” has a measured value: move it to the estimated values, or write predicted-then-measured.',
    ],
    ['estimated', '', '', 'kind is estimated, but there is no estimated value: add one or remove the row.'],
    ['', '', '0.8', 'kind is measured, but only estimated values are there: write estimated as its kind.'],
    [
      'guessed',
      '0.8',
      '',
      'kind: got “guessed”, wanted measured, estimated, predicted-then-measured or nothing, which means measured.',
    ],
  ])('kind %s with task %s and estimated %s', (kind, task, estimated, message) => {
    const table = readPointsCsv(`coefficient.a,task.kana,estimated.kana,kind\n0,${task},${estimated},${kind}\n`);
    expect(table.problems).toEqual([{ line: 2, message, effect: 'left-out' }]);
    expect(table.rows).toEqual([]);
  });

  it('counts lines of the file: comments, empty lines and quoted line ends included', () => {
    const table = readPointsCsv('# run\n\ncoefficient.a,task.b,source\r\n1,.5,"two\r\nlines"\r\n\r\nx,.5,\r\n');
    expect(table.problems.map(({ line }) => line)).toEqual([7]);
    expect(table.rows.map(({ line }) => line)).toEqual([4]);
  });

  it('a quotation mark that is never closed costs what follows, and says so', () => {
    expect(toldOf('0.5,"0.25,0.9,0.8,512')).toEqual({
      told: ['line 3: the quotation mark opened on line 3 is never closed: correct the quotation marks.'],
      kept: [2],
    });
  });
});

describe('what is peculiar is noted, and kept', () => {
  it('repeated measurements', () => {
    expect(toldOf('0.50,.25,0.91,0.79,512')).toEqual({
      told: ['line 3: same coefficients as line 2: kept, as a repeated measurement.'],
      kept: [2, 3, 4],
    });
  });

  it('samples without a value', () => {
    expect(toldOf('0.3,0.2,,0.8,512').told).toEqual([
      'line 3: “n.digits” has a value, but “task.digits” has none, so it is not used.',
      'line 3: “digits”: no value, so not measured for this merge; the rest of the row is used.',
    ]);
  });

  it('columns outside the schema, once each', () => {
    const table = readPointsCsv('coefficient.a,task.b,note,n.c,task.\n0,.5,x,7,\n1,.6,y,7,\n');
    expect(table.problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 column “note” is not read: known are coefficient.<name>, task.<name>, n.<name>, stderr.<name>, estimated.<name>, kind and source. Rename it if it belongs here.',
      '1 column “n.c” is not read: there is no column task.c that it could belong to.',
      '1 column “task.” is not read: known are coefficient.<name>, task.<name>, n.<name>, stderr.<name>, estimated.<name>, kind and source. Rename it if it belongs here.',
    ]);
    expect(table.rows).toHaveLength(2);
  });
});

describe('a file that is no table is refused in words', () => {
  it.each([
    ['', -1, 'The file is empty: wanted coefficient.<name>,…,task.<name>,…[,n.<task>,…] on its first line.'],
    [
      '1,2\n3,4\n',
      1,
      'The header is “1,2”, without any column coefficient.<name>: wanted coefficient.<name>,…,task.<name>,…[,n.<task>,…].',
    ],
    [
      '#x\ncoefficient.a\n1\n',
      2,
      'The header is “coefficient.a”, without any column task.<name>: wanted coefficient.<name>,…,task.<name>,…[,n.<task>,…].',
    ],
    [
      'coefficient.a;task.b\n0,1;0,2\n',
      1,
      'The header is “coefficient.a;task.b”, separated by semicolons: separate columns by commas, and write numbers with a decimal point.',
    ],
    [
      'coefficient.a\ttask.b\n',
      1,
      'The header is “coefficient.a�task.b”, separated by tabs: separate columns by commas, and write numbers with a decimal point.',
    ],
    [
      'coefficient.a,task.b,task.b\n',
      1,
      'The column “task.b” comes twice: keep one, so that it is clear which one counts.',
    ],
    [
      'coefficient.a,"task.b\n1,2\n',
      1,
      'The header is “coefficient.a,task.b�1,2�”, and the quotation mark opened on line 1 is never closed: close it, then read the file again.',
    ],
  ])('%j', (text, line, message) => {
    expect(readPointsCsv(text)).toEqual({
      coefficients: [],
      tasks: [],
      rows: [],
      problems: [{ line, message, effect: 'left-out' }],
      counts: 'line',
    });
  });
});

const dataLines = (text: string) =>
  readCsv(text)
    .slice(1)
    .map(({ line }) => line);

it('a damaged file never throws, and each of its rows is either kept or told', () => {
  const text = `${HEADER},kind,source\n${[0.1, 0.2, 0.3].map((c) => `${c},0.5,0.9,0.8,512,measured,"a ""b"""`).join('\n')}\n`;
  const piece = fc.constantFrom('', ',', '"', '\n', '\r', '%', 'x', '0,5', '\ufeff', '#', '83.1', '-', '\0', '💥');
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(12), piece, (at, removed, inserted) => {
      const damaged = text.slice(0, at) + inserted + text.slice(at + removed);
      const table = readPointsCsv(damaged);
      const left = table.problems.filter(({ effect }) => effect === 'left-out').map(({ line }) => line);
      if (table.coefficients.length === 0) expect(left).toHaveLength(1);
      else expect([...left, ...table.rows.map(({ line }) => line)].sort()).toEqual(dataLines(damaged).sort());
      for (const row of table.rows) {
        const numbers = [...row.coefficients, ...Object.values(row.scores).map(({ value }) => value)];
        expect(numbers.every(Number.isFinite)).toBe(true);
        expect(row.coefficients).toHaveLength(table.coefficients.length);
      }
    }),
    { numRuns: 2_000 },
  );
});
