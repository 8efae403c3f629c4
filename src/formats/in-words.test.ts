import { expect, test } from 'vitest';
import { bytesInWords, countInWords, grouped, shapeInWords, timeInWords } from './in-words.ts';

test('bytes have three digits, of the largest unit that there is one of', () => {
  const given = [0, 1, 4, 999, 1000, 13_100, 419_072, 999_400, 999_600, 1e6, 184_300_000, 13_476_854_784, 2.5e15];
  const wanted = ['0 bytes', '1 byte', '4 bytes', '999 bytes', '1 kB', '13.1 kB', '419 kB', '999 kB', '1 MB', '1 MB'];
  expect(given.map(bytesInWords)).toEqual([...wanted, '184 MB', '13.5 GB', '2500 TB']);
});

test('counts, shapes and times', () => {
  expect([999, 23_712, 999_999, 7_241_732_096].map(countInWords)).toEqual(['999', '23.7 k', '1 M', '7.24 B']);
  expect(grouped(23_712)).toBe('23,712');
  expect([[], [3], [64, 32]].map(shapeInWords)).toEqual(['a number', '3', '64 × 32']);
  expect([0.2, 12, 600, 9000].map(timeInWords)).toEqual(['less than a second', '12 s', '10 min', '2.5 h']);
});
