import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from './csv.ts';

const texts = (text: string) => readCsv(text).map(({ fields }) => fields.map((field) => field.text));

describe('comma-separated values', () => {
  it('come back as they were written, whatever the fields hold', () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('', ',', '"', '\r\n', ' x ', '#', '\ufeff', 'a"b'));
    // A record of one empty, unquoted field would be an empty line; writeCsv quotes empty texts.
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (records) => {
        expect(texts(writeCsv(records))).toEqual(records);
      }),
    );
  });

  it.each([
    ['a byte order mark', '\ufeffa,b\n1,2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR', 'a,b\r1,2'],
    ['no last line end', 'a,b\n1,2'],
    ['empty lines', '\na,b\n\n1,2\n\n'],
    ['comments', '# from a run\na,b\n#1,1\n1,2\n'],
    ['aligned columns', 'a, b\n1 ,\t2\n'],
    ['needless quotes', '"a","b"\n"1" ,"2"\n'],
  ])('%s changes nothing', (_, text) => {
    expect(texts(text)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('keeps the line of a record after comments, empty lines and quoted line ends', () => {
    expect(readCsv('# c\n\na,"x\r\ny\nz"\n1,2\r\n3,4\n').map(({ line }) => line)).toEqual([3, 6, 7]);
  });

  it('tells an empty text from no value', () => {
    expect(readCsv('"",\n')[0]?.fields).toEqual([
      { text: '', quoted: true },
      { text: '', quoted: false },
    ]);
    expect(writeCsv([['', undefined, 0.5]])).toBe('"",,0.5\n');
  });

  it('says what is wrong with quotation marks', () => {
    expect(readCsv('a\n"b\nc')[1]).toMatchObject({
      line: 2,
      fault: 'the quotation mark opened on line 2 is never closed',
    });
    expect(readCsv('"a"b,c')[0]?.fault).toBe('there is text after a closing quotation mark');
  });
});
