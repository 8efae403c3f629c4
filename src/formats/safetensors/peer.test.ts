/** Rounding against PyTorch, and which files are read against the Python library. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isDtype } from './dtype.ts';
import { readSafetensors } from './file.ts';
import floats from './fixtures/floats.json' with { type: 'json' };
import headers from './fixtures/headers.json' with { type: 'json' };
import { SafetensorsError } from './header.ts';
import { fromFloat32, toFloat32 } from './values.ts';

const CHUNK = 4096;

/** As in the fixture's maker, so that a difference is found in one chunk of patterns. */
function sums(array: Uint16Array | Uint32Array): string[] {
  return Array.from({ length: Math.ceil(array.length / CHUNK) }, (_, i) =>
    createHash('sha256')
      .update(array.slice(i * CHUNK, (i + 1) * CHUNK))
      .digest('hex')
      .slice(0, 16),
  );
}

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
const canonical = (bits: Uint32Array) => bits.map((each) => ((each & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : each));
const joined = (...parts: readonly Uint32Array[]) => Uint32Array.from(parts.flatMap((part) => [...part]));
const words = Uint16Array.from({ length: 0x10000 }, (_, i) => i);

/** The inputs whose sums the fixture holds, see its maker. */
const INPUTS = {
  float16: () => {
    const value = toFloat32({ dtype: 'F16', shape: [0x10000], bytes: new Uint8Array(words.buffer) });
    const middle = value.map((each, i) => (each + (value[(i + 1) & 0xffff] as number)) / 2);
    middle[0x7bff] = 65520;
    middle[0xfbff] = -65520;
    const bits = bitsOf(middle);
    const shifted = (by: number) => bits.map((each) => each + by);
    return canonical(joined(bitsOf(value), bits, shifted(1), shifted(-1)));
  },
  bfloat16: () => {
    const upper = Uint32Array.from(words, (word) => word << 16);
    const rows = [0, 0x8000, 0x8001, 0x7fff, 0xffff].map((low) => upper.map((each) => each | low));
    return canonical(joined(...rows));
  },
  scattered: () => canonical(Uint32Array.from({ length: 1 << 18 }, (_, i) => Math.imul(i, 2654435761))),
};

describe.each(['float16', 'bfloat16', 'scattered'] as const)('float32s around every %s', (name) => {
  const bits = INPUTS[name]();
  const values = new Float32Array(bits.buffer);

  test('are the ones that PyTorch was given', () => {
    expect(sums(bits)).toEqual(floats.encode[name].inputs);
  });

  test.each([
    ['F16', 0x7e00],
    ['BF16', 0x7fc0],
  ] as const)('are rounded to %s as by PyTorch', (dtype, nan) => {
    const patterns = new Uint16Array(fromFloat32(values, dtype).buffer);
    for (const [i, value] of values.entries()) {
      if (!Number.isNaN(value)) continue;
      const [read = 0] = toFloat32({ dtype, shape: [1], bytes: new Uint8Array(patterns.buffer, i * 2, 2) });
      if (!Number.isNaN(read)) throw new Error(`value ${i}: NaN became ${read}`);
      patterns[i] = nan;
    }
    expect(sums(patterns)).toEqual(floats.encode[name][dtype]);
  });
});

test.each(['F16', 'BF16', 'F8_E4M3', 'F8_E5M2'] as const)(
  'every pattern of %s has the value that PyTorch gives it',
  (dtype) => {
    const bytes = dtype.startsWith('F8')
      ? Uint8Array.from({ length: 0x100 }, (_, i) => i)
      : new Uint8Array(words.buffer);
    const values = toFloat32({ dtype, shape: [], bytes });
    expect(sums(canonical(bitsOf(values)))).toEqual(floats.decode[dtype]);
  },
);

type Row = (typeof headers.files)[number];

/** Why a file that the Python library reads is refused here; undefined where there is no reason. */
function reasonToRefuse(message: string, { tensors }: Row): string | undefined {
  if (/named twice/.test(message)) return 'the format forbids names given twice, its reader keeps the last';
  if (/header starts with/.test(message)) return 'the format asks for "{" first';
  if (/wanted \{dtype/.test(message)) return 'an entry given as a list';
  if (/data type is \{/.test(message)) return 'a data type given as an object';
  if (/at most 64 whole numbers/.test(message)) return 'PyTorch has at most 64 sides, and no side beyond exact numbers';
  if (/more elements than any file holds/.test(message)) return 'sides whose product is no exact number';
  if (tensors?.some(([, dtype]) => !isDtype(dtype))) return 'a data type that is not read';
  return undefined;
}

test('damaged files are read and refused as by the Python library, or more strictly for a known reason', () => {
  const unexplained: string[] = [];
  const reasons = new Set<string>();
  let agreed = 0;
  for (const row of headers.files) {
    const bytes = Uint8Array.from(atob(row.file), (char) => char.charCodeAt(0));
    const text = new TextDecoder().decode(bytes.subarray(8));
    try {
      const { tensors } = readSafetensors(bytes, 'file');
      const got = Array.from(tensors, ([name, { dtype, shape, bytes: data }]) => [name, dtype, shape, data.length]);
      const sorted = got.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
      if (JSON.stringify(sorted) === JSON.stringify(row.tensors)) agreed++;
      else unexplained.push(`read ${JSON.stringify(sorted)}, Python ${JSON.stringify(row.tensors)}: ${text}`);
    } catch (error) {
      if (!(error instanceof SafetensorsError)) throw error;
      const reason = reasonToRefuse(error.message, row);
      if (row.tensors === null) agreed++;
      else if (reason) reasons.add(reason);
      else unexplained.push(`refused (${error.message}), Python ${JSON.stringify(row.tensors)}: ${text}`);
    }
  }
  expect(unexplained).toEqual([]);
  expect(reasons.size).toBe(7);
  expect(agreed).toBeGreaterThan(headers.files.length * 0.9);
});
