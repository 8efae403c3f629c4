/** Reading dropped files piece by piece: the right bytes, and no memory kept of pieces that nobody wants any more. */
import { afterEach, expect, test, vi } from 'vitest';
import { StudioError } from '../../fault.ts';
import { blobReader } from './blob-reader.ts';
import { free } from './free.ts';

const PIECE = 2 ** 22;
const byteAt = (at: number) => (at * 2_654_435_761) >>> 24;

afterEach(() => vi.unstubAllGlobals());

/** A slice that says where it was cut. */
class Cut extends Blob {
  readonly begin: number;
  readonly length: number;

  constructor(begin: number, length: number) {
    super();
    this.begin = begin;
    this.length = length;
  }

  override slice(from = 0, to = this.length): Blob {
    return new Cut(from, Math.max(0, Math.min(to, this.length) - from));
  }
}

/** Pages have no FileReaderSync: the buffers that this one gave are remembered. */
function stubReader(): ArrayBuffer[] {
  const given: ArrayBuffer[] = [];
  vi.stubGlobal(
    'FileReaderSync',
    class {
      readAsArrayBuffer({ begin, length }: Cut): ArrayBuffer {
        const bytes = new Uint8Array(length);
        for (let i = 0; i < length; i++) bytes[i] = byteAt(begin + i);
        given.push(bytes.buffer);
        return bytes.buffer;
      }
    },
  );
  return given;
}

test('reads across pieces, remembers some, and gives the others back at once', () => {
  const given = stubReader();
  const reader = blobReader();
  const size = 9 * PIECE + 5;
  reader.open(3, 'a.safetensors', new Cut(0, size));
  const expectRead = (at: number, length: number) => {
    const into = new Uint8Array(length);
    reader.read(3, at, into);
    expect([...into]).toEqual(Array.from(into, (_, i) => byteAt(at + i)));
  };
  // Pieces begin where they are first asked for.
  for (let at = 7; at < size; at += PIECE) {
    expectRead(at, 20 + (at > PIECE ? 0 : 1000));
    expectRead(Math.min(at + PIECE, size) - 10, 10);
  }
  const before = given.length;
  expect(before).toBe(9);
  expect(given.filter(({ byteLength }) => byteLength > 0).length).toBe(6);
  // Across the end of one that is remembered, into the next.
  expectRead(8 * PIECE - 5, 20);
  expect(given.length).toBe(before);
  // The first one is read anew.
  expectRead(7, 3);
  expect(given.length).toBe(before + 1);
  expect(() => reader.read(3, size - 2, new Uint8Array(3))).toThrow(StudioError);
});

test('what is given back is gone, however often', async () => {
  for (let i = 0; i < 100; i++) {
    const buffer = new ArrayBuffer(1000);
    free(buffer);
    expect(buffer.byteLength).toBe(0);
    // The closed end is noticed meanwhile.
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
