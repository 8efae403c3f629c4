import { describe, expect, it } from 'vitest';
import { frameOf, groupsOf, heightAt, heightsOf, roundBelow, ticksOf, tickText, tidy, valueAt } from './layout.ts';

const coefficient = { kind: 'coefficient' } as const;
const task = { kind: 'task' } as const;
const span = { top: 10, bottom: 210 };

describe('the places of the axes', () => {
  it('fill the box, at equal distances within a group and a greater one between groups', () => {
    const { xs, width, spacing } = frameOf([coefficient, coefficient, task, task], { width: 640, height: 260 });
    expect(width).toBe(640);
    expect((xs[1] ?? 0) - (xs[0] ?? 0)).toBeCloseTo(spacing);
    expect((xs[2] ?? 0) - (xs[1] ?? 0)).toBeCloseTo(1.5 * spacing);
    expect((xs[3] ?? 0) - (xs[2] ?? 0)).toBeCloseTo(spacing);
  });

  it('grow beyond the box rather than stand closer than their ticks allow', () => {
    const frame = frameOf(Array(12).fill(task), { width: 390, height: 260 });
    expect(frame.width).toBeGreaterThan(390);
    expect(frame.spacing).toBe(60);
    expect(frame.xs.at(-1)).toBeLessThan(frame.width);
  });

  it('are grouped by what stands next to each other', () => {
    expect(groupsOf([coefficient, coefficient, task])).toEqual([
      { kind: 'coefficient', first: 0, last: 1 },
      { kind: 'task', first: 2, last: 2 },
    ]);
  });
});

describe('heights and values', () => {
  it('are each other’s inverse within the domain, the high end above', () => {
    expect(heightAt([0.3, 0.9], span, 0.9)).toBe(10);
    expect(heightAt([0.3, 0.9], span, 0.3)).toBe(210);
    for (const value of [0.3, 0.41, 0.77, 0.9]) {
      expect(valueAt([0.3, 0.9], span, heightAt([0.3, 0.9], span, value))).toBeCloseTo(value, 12);
    }
  });

  it('stop at the ends exactly', () => {
    expect(heightAt([0, 1], span, 1.4)).toBe(10);
    expect(valueAt([0.1, 0.7], span, -50)).toBe(0.7);
    expect(valueAt([0.1, 0.7], span, 999)).toBe(0.1);
  });

  it('put everything halfway on an axis of one value', () => {
    expect(heightAt([0.5, 0.5], span, 0.5)).toBe(110);
  });

  it('leave a gap where nothing was measured', () => {
    const axes = [{ domain: [0, 1] as const }, { domain: [0, 2] as const }];
    const heights = heightsOf(axes, [{ values: [1, undefined] }, { values: [0, 1] }], span);
    expect([...heights]).toEqual([10, Number.NaN, 210, 110]);
  });
});

describe('ticks', () => {
  it('are round, within the domain, and as many as there is room for', () => {
    expect(ticksOf([0, 1], span)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf([0, 1], { top: 10, bottom: 90 })).toEqual([0, 0.5, 1]);
    expect(ticksOf([0.62, 0.97], span)).toEqual([0.7, 0.8, 0.9]);
    expect(ticksOf([-1, 2], span)).toEqual([-1, 0, 1, 2]);
    expect(ticksOf([0.4, 0.4], span)).toEqual([0.4]);
  });

  it('need no decimals for a round percentage', () => {
    const percent = { format: (value: number) => `${(100 * value).toFixed(1)} %` };
    expect([0.8, 0.805].map((value) => tickText(percent, value))).toEqual(['80 %', '80.5 %']);
    expect(tickText({ format: (value) => value.toFixed(2) }, 1)).toBe('1.00');
  });
});

describe('round numbers', () => {
  it('are 1, 2 or 5 times a power of ten, not above the number', () => {
    expect([0.0068, 0.001, 0.25, 4.9, 70].map((most) => Number(roundBelow(most).toPrecision(3)))).toEqual([
      0.005, 0.001, 0.2, 2, 50,
    ]);
  });

  it('lose the dust of binary fractions and the sign of zero', () => {
    expect(tidy(0.1 + 0.2, 0.1)).toBe(0.3);
    expect(Object.is(tidy(-1e-12, 0.1), 0)).toBe(true);
  });
});
