import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { divided, labelled, sizesFor } from './divide.ts';
import { pairIdx, readIdx } from './idx.ts';
import { sourcesOf } from './sources.ts';
import { readTable } from './table.ts';
import { readTextLines } from './text.ts';
import { unpacked } from './unpack.ts';

/** An IDX file of so many sides; its values count from 0. */
function idx(type: number, sides: readonly number[], width = 1): Uint8Array {
  const count = sides.reduce((product, side) => product * side, 1);
  const bytes = new Uint8Array(4 + 4 * sides.length + count * width);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type, sides.length]);
  sides.forEach((side, axis) => {
    view.setUint32(4 + 4 * axis, side);
  });
  for (let i = 0; i < count; i++) {
    const at = 4 + 4 * sides.length + i * width;
    if (type === 13) view.setFloat32(at, i / 2);
    else bytes[at + width - 1] = i % 256;
  }
  return bytes;
}
const named = (label: string, bytes: Uint8Array) => ({ label, file: readIdx(bytes, label) });

describe('IDX', () => {
  it('is read as bytes and labels, and as floats where it has them', () => {
    const { values, inputs, labels } = pairIdx(named('x', idx(8, [3, 2, 2])), named('y', idx(8, [3])));
    expect([inputs, [...values], labels]).toEqual([4, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], ['0', '1', '2']]);
    const floats = pairIdx(named('x', idx(13, [2, 3], 4)), named('y', idx(12, [2], 4)));
    expect(floats.values).toEqual(Float32Array.from([0, 0.5, 1, 1.5, 2, 2.5]));
    expect(floats.labels).toEqual(['0', '1']);
  });

  it.each([
    ['a file of another kind', Uint8Array.from([80, 75, 3, 4]), 'x: begins with 50 4b'],
    ['an unknown type', Uint8Array.from([0, 0, 10, 1, 0, 0, 0, 0]), 'x: byte 2 is 0a'],
    ['too many dimensions', Uint8Array.from([0, 0, 8, 9]), 'x: byte 3 says 9 dimensions'],
    ['a header cut short', idx(8, [2, 2]).subarray(0, 9), 'x: has 9 bytes, its header of 2 dimensions takes 12'],
    ['values cut short', idx(8, [2, 2]).subarray(0, 15), 'x: holds 3 bytes after its header, but [2, 2]'],
    ['sides that claim more', Uint8Array.from([0, 0, 8, 1, 255, 255, 255, 255]), 'x: byte 4 says 4294967295 samples'],
  ])('of %s is refused with the byte', (_name, bytes, message) => {
    expect(() => readIdx(bytes, 'x')).toThrow(message);
  });

  it('pairs need as many labels as samples', () => {
    expect(() => pairIdx(named('x', idx(8, [3, 2])), named('y', idx(8, [4])))).toThrow('x has 3 samples, but y has 4');
    expect(() => pairIdx(named('x', idx(8, [3, 2])), named('y', idx(8, [3, 1])))).toThrow('labels have one');
  });
});

describe('gzip', () => {
  const content = idx(8, [40, 3]);
  it('is told by its bytes', () => {
    expect(unpacked(gzipSync(content), 'x')).toEqual(content);
    expect(unpacked(content, 'x')).toBe(content);
  });

  it('that is cut, damaged or too large is refused', () => {
    const packed = gzipSync(content);
    expect(() => unpacked(packed.subarray(0, packed.length - 12), 'x')).toThrow(/x: .*(cut short|damaged)/);
    expect(() => unpacked(gzipSync(new Uint8Array(5000)), 'x', 4000)).toThrow('unpacks to more than 4000');
  });
});

describe('a CSV of features', () => {
  it('finds its label by name, or takes the last column', () => {
    const byName = readTable('label,a,b\ncat,1,2\n"dog, big",3,-4.5\n', 'x.csv');
    expect([[...byName.values], byName.labels, byName.inputs]).toEqual([[1, 2, 3, -4.5], ['cat', 'dog, big'], 2]);
    const last = readTable('1,2,cat\n3,4,dog\n', 'x.csv');
    expect([[...last.values], last.labels]).toEqual([
      [1, 2, 3, 4],
      ['cat', 'dog'],
    ]);
    expect(readTable('1,2,0\n3,4,1\n', 'x.csv').labels).toEqual(['0', '1']);
  });

  it.each([
    ['a,label\nx,1\n', 'x.csv, line 2, column a: “x” is no number'],
    ['a,label\n1,1\n1,2,3\n', 'x.csv, line 3: has 3 columns, the first row has 2'],
    ['a,label\n1,"1\n', 'x.csv, line 2: the quotation mark'],
    ['a,label\n,1\n', 'x.csv, line 2, column a: “” is no number'],
    ['', 'x.csv: holds no row'],
  ])('%j is refused with the line', (text, message) => {
    expect(() => readTable(text, 'x.csv')).toThrow(message);
  });
});

describe('text lines', () => {
  it('become vectors of length 1', () => {
    const { values, labels } = readTextLines('good\tfine words\r\nbad\tno\n\n', 'x.txt', 16);
    expect(labels).toEqual(['good', 'bad']);
    expect(Math.hypot(...values.subarray(0, 16))).toBeCloseTo(1, 6);
  });
  it('without a tab are told by their line', () => {
    expect(() => readTextLines('good\tfine\nno tab\n', 'x.txt', 16)).toThrow('x.txt, line 2: wanted a label, a tab');
  });
});

describe('files that belong together', () => {
  it('are pairs, tables, texts and folders of classes', () => {
    const paths = [
      'd/train-images-idx3-ubyte.gz',
      'd/train-labels-idx1-ubyte.gz',
      't10k-images.idx3-ubyte',
      't10k-labels.idx1-ubyte',
      'a.csv',
      'b.txt',
      'pets/cat/1.png',
      'pets/dog/2.JPG',
      'readme.md',
    ];
    expect(sourcesOf(paths).map(({ name, kind, files }) => `${name} ${kind} ${files.length}`)).toEqual([
      'train idx 2',
      't10k idx 2',
      'a table 1',
      'b text 1',
      'pets images 2',
    ]);
  });
});

describe('dividing', () => {
  const classes = Array.from({ length: 900 }, (_, i) => (i % 10 === 0 ? 1 : 0));
  const sizes = sizesFor(classes.length);
  const { test, calibration } = divided(classes, sizes);
  const share = (places: readonly number[]) => places.filter((place) => classes[place] === 1).length / places.length;

  it('gives disjoint sets that are all there', () => {
    expect(sizes).toEqual({ calibration: 256, test: 644 });
    expect(new Set([...test, ...calibration]).size).toBe(900);
  });
  it('keeps the classes in proportion, in every beginning of the test set too', () => {
    for (const part of [test.slice(0, 64), test.slice(0, 256), test, calibration])
      expect(Math.abs(share(part) - 0.1)).toBeLessThan(0.04);
  });
  it('is the same every time, and not the order of the file', () => {
    expect(divided(classes, sizes).test).toEqual(test);
    expect(test).not.toEqual([...test].sort((a, b) => a - b));
  });
});

describe('labels', () => {
  const samples = (labels: readonly string[]) => ({
    values: new Float32Array(labels.length),
    inputs: 1,
    labels,
    notes: [],
  });
  const many = (label: string, count: number) => Array.from({ length: count }, () => label);

  it('are names or numbers of classes; strangers, few and lopsided classes are told', () => {
    const given = samples([...many('cat', 60), ...many('1', 20), ...many('cow', 3)]);
    const { classes, warnings } = labelled(given, ['cat', 'dog'], 'pets');
    expect(classes.filter((each) => each === 1)).toHaveLength(20);
    expect(warnings).toEqual([
      'Left out: 3 samples with labels that the head does not know (cow).',
      'Fewer than 30 samples of 1 of 2 classes (dog: 20).',
      '75 % of the samples are “cat”: answering it always would be right as often.',
    ]);
  });
  it('that no head knows are refused', () => {
    expect(() => labelled(samples(many('cow', 50)), ['cat', 'dog'], 'pets')).toThrow(
      'pets: 0 of 50 samples have a label that the head knows (cat, dog); wanted at least 12, found cow',
    );
  });
});
