import { describe, expect, it } from 'vitest';
import { boxesOf, placeLabels } from './labels.ts';

const area = { x: 30, width: 570 };

describe('names beside marks', () => {
  it('stand to the right where there is room, else to the left', () => {
    const marks = [
      { x: 100, y: 50, width: 60 },
      { x: 590, y: 150, width: 60 },
    ];
    expect(placeLabels(marks, area).map(({ anchor }) => anchor)).toEqual(['start', 'end']);
  });

  it('cover neither another mark nor another name', () => {
    // Base and an expert of the bundled zoo, 55 pixels apart at the same height.
    const marks = [
      { x: 500, y: 200, width: 28 },
      { x: 555, y: 196, width: 80 },
    ];
    const [base, expert] = placeLabels(marks, area);
    expect(base).toEqual({ dx: 9, dy: 4, anchor: 'start' });
    expect(Math.abs(expert?.dy ?? 0), 'above or below').toBeGreaterThan(4);
  });

  it('cover nothing else that stands there', () => {
    const mark = { x: 100, y: 50, width: 60 };
    const beside = { x: 140, y: 50, width: 40 };
    const taken = boxesOf([beside], placeLabels([beside], area));
    expect(placeLabels([mark], area)[0]?.dx).toBe(9);
    expect(placeLabels([mark], area, taken)[0]).toEqual({ dx: -9, dy: 4, anchor: 'end' });
  });

  it('stay inside where every place is taken', () => {
    const crowd = Array.from({ length: 12 }, (_, i) => ({ x: 560 + i, y: 100, width: 80 }));
    expect(placeLabels(crowd, area).at(-1)?.anchor).toBe('end');
  });

  it('lie on as few others as they can where every place is taken', () => {
    const mark = { x: 300, y: 100, width: 80 };
    const others = [-60, 0].flatMap((dy) => Array.from({ length: 3 }, () => ({ x: 350, y: 100 + dy, width: 0 })));
    const [label] = placeLabels([mark], { x: 290, width: 120 }, boxesOf(others, []));
    expect(Math.abs(label?.dy ?? 0), 'above or below').toBeGreaterThan(4);
  });

  it('leave a line free where another place is free as well', () => {
    const mark = { x: 300, y: 100, width: 80 };
    const line = Array.from({ length: 20 }, (_, i) => [300 + 5 * i, 100] as const);
    expect(placeLabels([mark], area, [], line)[0]).toEqual({ dx: -9, dy: 4, anchor: 'end' });
  });
});
