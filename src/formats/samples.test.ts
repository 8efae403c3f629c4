import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SafetensorsError } from './safetensors/header.ts';
import { decodeSamples, encodeSamples, SamplesError } from './samples.ts';

const PIXELS = 16;

test('what is packed is unpacked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: PIXELS, maxLength: PIXELS, max: 15 }), { maxLength: 8 }),
      (rows) => {
        const levels = Uint8Array.from(rows.flatMap((row) => [...row]));
        const labels = Uint8Array.from(rows, (_, index) => index);
        const { count, images, labels: read } = decodeSamples(encodeSamples(levels, labels, PIXELS), 'set', PIXELS);
        expect(count).toBe(rows.length);
        expect(Uint8Array.from(images, (value) => Math.round(value * 15))).toEqual(levels);
        expect(read).toEqual(labels);
      },
    ),
  );
});

test('a damaged file is told in words and never throws anything else', () => {
  const file = encodeSamples(new Uint8Array(PIXELS * 4).fill(7), Uint8Array.of(0, 1, 2, 3), PIXELS);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, byte, length) => {
      const damaged = file.slice();
      damaged[at] = byte;
      for (const bytes of [damaged, file.slice(0, length)]) {
        try {
          decodeSamples(bytes, 'set', PIXELS);
        } catch (error) {
          expect(error instanceof SamplesError || error instanceof SafetensorsError).toBe(true);
        }
      }
    }),
  );
});

test('images of another size are refused', () => {
  const file = encodeSamples(new Uint8Array(PIXELS), Uint8Array.of(0), PIXELS);
  expect(() => decodeSamples(file, 'digits-test', 64)).toThrow('digits-test: images: is U8 [1, 8], wanted U8 [n, 32]');
});

test('a file that unpacks to too much is refused before it fills memory', () => {
  const file = encodeSamples(new Uint8Array(10_000_000), undefined, PIXELS);
  expect(() => decodeSamples(file, 'set', PIXELS)).toThrow('unpacks to more than');
});
