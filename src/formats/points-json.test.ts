import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTable, contentOf } from './points.testing.ts';
import { problemInWords } from './points.ts';
import { readPointsJson, writePointsJson } from './points-json.ts';

const GOOD = { coefficients: [0.5, 0.25], scores: { digits: { value: 0.9, n: 512 }, kana: 0.8 } };
const file = (...points: unknown[]) => JSON.stringify({ coefficients: ['a', 'b'], tasks: ['digits', 'kana'], points });

function toldOf(text: string) {
  const table = readPointsJson(text);
  return {
    told: table.problems.map((problem) => problemInWords(table, problem)),
    kept: table.rows.map(({ line }) => line),
  };
}

describe('points as JSON', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const read = readPointsJson(writePointsJson(table));
        expect(contentOf(read)).toEqual(contentOf(table));
        expect(read.problems.filter(({ effect }) => effect === 'left-out')).toEqual([]);
      }),
    );
  });

  it('reads scores as numbers or with their samples', () => {
    expect(readPointsJson(file(GOOD))).toEqual({
      coefficients: ['a', 'b'],
      tasks: ['digits', 'kana'],
      rows: [
        {
          line: 0,
          coefficients: [0.5, 0.25],
          scores: { digits: { value: 0.9, n: 512 }, kana: { value: 0.8 } },
          estimated: {},
          kind: 'measured',
        },
      ],
      problems: [],
      counts: 'index',
    });
  });

  it.each([
    [{ ...GOOD, coefficients: [1] }, 'coefficients: got 1 numbers, wanted 2, one per name.'],
    [
      { ...GOOD, coefficients: [1, '0.5'] },
      'coefficients[1]: got the text “0.5”, wanted a number: leave its quotation marks out.',
    ],
    [
      { ...GOOD, coefficients: [1, null] },
      'coefficients[1]: got “null”, wanted a number: correct it or remove the point.',
    ],
    [
      { ...GOOD, scores: { kana: '83.1%' } },
      'scores.kana: got “83.1%”, wanted a number: percents are not guessed; divide by 100 and leave the sign out, here 0.831.',
    ],
    [{ ...GOOD, scores: { kanji: 0.5 } }, 'scores: “kanji” is not among the tasks: add it to “tasks” or remove it.'],
    [
      { ...GOOD, scores: { kana: { value: 0.5, n: 0.5 } } },
      'scores.kana.n: got 0.5, wanted a number of samples, a whole number from 1: correct it or leave it empty.',
    ],
    [
      { ...GOOD, scores: { kana: { value: 0.5, of: 3 } } },
      'scores.kana: “of” means nothing here: a score is a number or { value, n, stderr }.',
    ],
    [{ ...GOOD, scores: [0.5] }, 'scores: got Array, wanted an object of names: correct or remove the point.'],
    [
      { ...GOOD, kind: 'guessed' },
      'kind: got “guessed”, wanted measured, estimated, predicted-then-measured or nothing, which means measured.',
    ],
    [{ coefficients: [0, 0] }, 'no task has a value, so nothing was measured: add one or remove the row.'],
    [{ scores: {} }, 'coefficients: got undefined, wanted "coefficients": correct or remove the point.'],
    [7, 'got 7, wanted Object: correct or remove the point.'],
  ])('a bad point is told by its index and left out: %j', (point, message) => {
    const other = { ...GOOD, coefficients: [0, 0] };
    expect(toldOf(file(GOOD, point, other))).toEqual({ told: [`points[1]: ${message}`], kept: [0, 2] });
  });

  it('notes what is peculiar and keeps it', () => {
    const text = file(
      GOOD,
      { ...GOOD, comment: 'again' },
      { coefficients: [0, 1], scores: { digits: null, kana: 0.5 } },
    );
    expect(toldOf(text)).toEqual({
      told: [
        'points[1]: same coefficients as index 0: kept, as a repeated measurement.',
        'points[1]: “comment” means nothing here and is not read.',
        'points[2]: “digits”: no value, so not measured for this merge; the rest of the row is used.',
      ],
      kept: [0, 1, 2],
    });
  });

  it.each([
    ['[]', 'coefficients'],
    ['{"coefficients":["a"],"tasks":[],"points":[]}', 'tasks: got 0, wanted >=1'],
    ['{"coefficients":["a","a"],"tasks":["b"],"points":[]}', 'coefficients: “a” comes twice: keep one.'],
    ['{"coefficients":["a"],"tasks":["b"],"points":7}', 'points: got 7, wanted Array'],
    ['{"coefficients":["a"], oh', 'The file is no JSON: '],
  ])('a file that is no table is refused in words: %s', (text, words) => {
    const { told, kept } = toldOf(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(words);
    expect(kept).toEqual([]);
  });

  it('reads past a byte order mark, and names what only Python writes', () => {
    expect(toldOf(`\ufeff${file(GOOD)}`)).toEqual({ told: [], kept: [0] });
    const [told] = toldOf('{"coefficients":["a"],"tasks":["b"],"points":[{"coefficients":[NaN]}]}').told;
    expect(told).toMatch(/^The file is no JSON: .*; it holds NaN, which JSON does not have: write null instead\.$/);
  });

  it('never throws, whatever JSON it is given', () => {
    const point = fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.record({ coefficients: fc.array(fc.anything()), scores: fc.object() }),
    );
    fc.assert(
      fc.property(fc.array(point, { maxLength: 4 }), (points) => {
        let text: string;
        try {
          text = file(...points);
        } catch {
          return; // no JSON has BigInts
        }
        const { rows, problems } = readPointsJson(text);
        expect(rows.length + problems.filter(({ effect }) => effect === 'left-out').length).toBe(points.length);
      }),
    );
  });
});
