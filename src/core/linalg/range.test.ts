import { expect, test } from 'vitest';
import { randomStream } from '../random/counter.ts';
import { inMemory, type RowBlocks, sampledSvd } from './range.ts';
import { thinSvd } from './svd.ts';

/** A matrix whose singular values fall slowly, as those of a task vector do. */
function matrix(rows: number, cols: number): Float32Array {
  const random = randomStream(3, 'matrix');
  const out = new Float32Array(rows * cols);
  for (let k = 0; k < Math.min(rows, cols); k++) {
    const [u, v] = [rows, cols].map((length) => Float64Array.from({ length }, () => random.normal()));
    const sigma = 1 / (1 + k);
    for (let i = 0; i < out.length; i++)
      out[i] = (out[i] as number) + sigma * ((u?.[Math.floor(i / cols)] as number) * (v?.[i % cols] as number));
  }
  return out;
}

test.each([
  [60, 40],
  [40, 60],
])('sampled directions of a %i × %i matrix are its strongest', async (rows, cols) => {
  const x = matrix(rows, cols);
  const exact = thinSvd(x, rows, cols);
  const sampled = await sampledSvd(inMemory(x), rows, cols, 8, randomStream(1, 'sample'));
  for (let j = 0; j < 8; j++) {
    expect(Math.abs((sampled.values[j] as number) / (exact.values[j] as number) - 1)).toBeLessThan(0.01);
    let product = 0;
    for (let i = 0; i < rows; i++) product += (sampled.left[j * rows + i] as number) ** 2;
    expect(product).toBeCloseTo(1, 6);
  }
});

test('a matrix of low rank is found in full', async () => {
  const x = Float32Array.from({ length: 30 * 20 }, (_, i) => Math.floor(i / 20) * ((i % 20) - 3));
  const { values, left, right } = await sampledSvd(inMemory(x), 30, 20, 3, randomStream(1, 'sample'));
  const scale = values[0] as number;
  for (const [i, value] of x.entries())
    expect(scale * (left[Math.floor(i / 20)] as number) * (right[i % 20] as number)).toBeCloseTo(value, 3);
  expect((values[1] as number) / scale).toBeLessThan(1e-6);
});

test('a matrix that comes in blocks has the same directions', async () => {
  const x = matrix(23, 9);
  const inBlocks: RowBlocks = async (visit) => {
    for (let row = 0; row < 23; row += 5) visit(row, x.slice(row * 9, (row + 5) * 9));
  };
  const [whole, parts] = await Promise.all(
    [inMemory(x), inBlocks].map((blocks) => sampledSvd(blocks, 23, 9, 4, randomStream(1, 'sample'))),
  );
  expect(parts).toEqual(whole);
});
