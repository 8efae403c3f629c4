import { expect, it } from 'vitest';
import { sha256Hex } from './hash.ts';

it('gives the digests of FIPS 180-4', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('hashes text as its UTF-8 bytes', () => {
  expect(sha256Hex('λ')).toBe(sha256Hex(Uint8Array.of(0xce, 0xbb)));
});
