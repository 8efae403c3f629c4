import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from './file.ts';
import { fromFloat16, toFloat16 } from './float16.ts';
import { SafetensorsError } from './header.ts';
import { describeNonFinite, fromFloat32, type StoredTensor, toFloat32 } from './values.ts';

function file(header: string, data = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = fc
  .tuple(fc.constantFrom('F32' as const, 'F16' as const), fc.array(fc.nat(4), { maxLength: 3 }))
  .map(([dtype, shape]): StoredTensor => {
    const size = shape.reduce((product, side) => product * side, 1);
    return {
      dtype,
      shape,
      bytes: fromFloat32(
        Float32Array.from({ length: size }, (_, i) => i - 0.5),
        dtype,
      ),
    };
  });

test('what is written is read, in the same order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string(), tensor), { selector: ([name]) => name, maxLength: 6 }),
      fc.dictionary(fc.string(), fc.string()),
      (entries, metadata) => {
        fc.pre(
          entries.every(([name]) => name !== '__metadata__' && name !== '__proto__') &&
            !('__proto__' in Object(metadata) && Object.hasOwn(metadata, '__proto__')),
        );
        const read = readSafetensors(writeSafetensors(new Map(entries), metadata), 'file');
        expect(new Map(read.tensors)).toEqual(new Map(entries));
        expect({ ...read.metadata }).toEqual({ ...metadata });
      },
    ),
  );
});

test('tensor data start at a multiple of eight', () => {
  const bytes = writeSafetensors(new Map([['w', { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) }]]));
  expect(bytes.length % 8).toBe(4);
});

test('any bytes give a file or a SafetensorsError', () => {
  const good = writeSafetensors(new Map([['w', { dtype: 'F32', shape: [2], bytes: new Uint8Array(8) }]]), { a: 'b' });
  fc.assert(
    fc.property(
      fc.nat(good.length - 1),
      fc.nat(255),
      fc.nat(good.length),
      fc.uint8Array({ maxLength: 64 }),
      (at, byte, cut, noise) => {
        const mutated = good.slice();
        mutated[at] = byte;
        for (const bytes of [mutated, good.slice(0, cut), noise]) {
          try {
            readSafetensors(bytes, 'file');
          } catch (error) {
            expect(error).toBeInstanceOf(SafetensorsError);
          }
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4, 'bad: w: has 4 bytes, but F32 [2] takes 8'],
  [
    '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    0,
    'bad: w: ends at byte 4 of the data, but only 0 are there',
  ],
  ['{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8, 'bad: w: starts at byte 4 of the data, wanted 0'],
  ['{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 8, 'bad: 4 bytes after the last tensor belong to none'],
  ['{"w":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}', 4, 'bad: w: its data type is "F99", wanted one of F64'],
  ['{"w":{"dtype":"U8","shape":[-1],"data_offsets":[0,4]}}', 4, 'bad: w: its shape is [-1]'],
  [
    '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0077":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
    2,
    'w: named twice',
  ],
  ['{"w":null}', 0, 'bad: w: got null'],
  ['[]', 0, 'bad: its header starts with "["'],
  ['{"__metadata__":{"a":1}}', 0, 'bad: __metadata__: got {"a":1}, wanted text by name'],
])('%s is refused in words', (header, data, message) => {
  expect(() => readSafetensors(file(header, data), 'bad')).toThrow(message);
});

test('a header longer than the file is refused before anything is read', () => {
  const bytes = new Uint8Array(16).fill(255);
  expect(() => readSafetensors(bytes, 'bad')).toThrow('its header claims 18446744073709551615 bytes');
});

test('every float16 pattern survives a round trip', () => {
  for (let pattern = 0; pattern < 0x10000; pattern++) {
    const value = fromFloat16(pattern);
    if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16(toFloat16(value)))).toBe(true);
    else if (toFloat16(value) !== pattern)
      throw new Error(`pattern ${pattern}: ${value} came back as ${toFloat16(value)}`);
  }
});

test('float16 rounds to the nearest pattern, ties to even', () => {
  fc.assert(
    fc.property(fc.nat(0x7bfe), fc.double({ min: 0, max: 1, noNaN: true }), (pattern, share) => {
      const [low, high] = [fromFloat16(pattern), fromFloat16(pattern + 1)];
      const value = Math.fround(low + (high - low) * share);
      const middle = (low + high) / 2;
      const wanted = value < middle ? pattern : value > middle ? pattern + 1 : pattern + (pattern & 1);
      expect(toFloat16(value)).toBe(wanted);
      expect(toFloat16(-value)).toBe(wanted | 0x8000);
    }),
    { numRuns: 5000 },
  );
  expect(toFloat16(65519.99)).toBe(0x7bff);
  expect(toFloat16(65520)).toBe(0x7c00);
});

test('other number types are read', () => {
  const bytes = Uint8Array.of(0x80, 0x3f, 0x00, 0xc0);
  expect([...toFloat32({ dtype: 'BF16', shape: [2], bytes })]).toEqual([1, -2]);
  expect([...toFloat32({ dtype: 'I8', shape: [2], bytes: Uint8Array.of(255, 1) })]).toEqual([-1, 1]);
  expect([...toFloat32({ dtype: 'F64', shape: [1], bytes: new Uint8Array(Float64Array.of(2.5).buffer) })]).toEqual([
    2.5,
  ]);
});

test('a value that is not finite is named with its place', () => {
  expect(describeNonFinite('w', Float32Array.of(1, Number.NaN))).toBe('w: value 1 is NaN, wanted a finite number');
  expect(describeNonFinite('w', Float32Array.of(1))).toBeUndefined();
});
