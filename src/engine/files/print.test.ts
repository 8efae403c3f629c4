import { afterEach, expect, it, vi } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import { printOf } from './print.ts';

const sourceOf = (bytes: Uint8Array) => ({
  path: 'a.safetensors',
  size: bytes.length,
  read: async (begin: number, end: number) => bytes.slice(begin, end),
});
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7919) >> 3);

afterEach(() => vi.unstubAllGlobals());

it('is the hash of the size, the first megabyte and 64 pieces of the rest, with and without the browser’s own code', async () => {
  const bytes = bytesOf(1_500_000);
  const pieces = Array.from({ length: 64 }, (_, i) => 1_000_000 + Math.floor(((500_000 - 4096) * i) / 63));
  const hashes = [bytes.slice(0, 1_000_000), ...pieces.map((at) => bytes.slice(at, at + 4096))].map((each) =>
    sha256Hex(each),
  );
  const wanted = sha256Hex(['1500000', ...hashes].join('\n'));
  expect(await printOf(sourceOf(bytes))).toBe(wanted);
  vi.stubGlobal('crypto', {});
  expect(await printOf(sourceOf(bytes))).toBe(wanted);
});

it('tells files apart that begin alike', async () => {
  const [one, two] = [bytesOf(1_200_000), bytesOf(1_200_000)];
  two[1_199_999] = (two[1_199_999] ?? 0) ^ 1;
  expect(await printOf(sourceOf(one))).not.toBe(await printOf(sourceOf(two)));
  expect(await printOf(sourceOf(bytesOf(10)))).toBe(sha256Hex(`10\n${sha256Hex(bytesOf(10))}`));
});
