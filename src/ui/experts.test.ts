import { describe, expect, it } from 'vitest';
import { expertColour, expertShape, markPath } from './experts.ts';

const eight = Array.from({ length: 8 }, (_, i) => i);

/** Shoelace area of a path of straight lines. */
function area(path: string): number {
  const points = path
    .slice(1, -1)
    .split('L')
    .map((pair) => pair.split(',').map(Number));
  const twice = points.reduce((total, [x = 0, y = 0], i) => {
    const [nextX = 0, nextY = 0] = points[(i + 1) % points.length] ?? [];
    return total + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

describe('the marks of experts', () => {
  it('differ in colour and in shape', () => {
    expect(new Set(eight.map(expertColour)).size).toBe(8);
    expect(new Set(eight.map(expertShape)).size).toBe(8);
  });

  it('cover about the same area, so that none looks more important', () => {
    for (const shape of eight.map(expertShape).filter((known) => known !== 'circle')) {
      const ofCircle = area(markPath(shape, 10)) / (Math.PI * 100);
      expect(ofCircle, shape).toBeGreaterThan(0.85);
      expect(ofCircle, shape).toBeLessThan(1.15);
    }
  });
});
