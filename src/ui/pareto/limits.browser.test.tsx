import { afterEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { explorationOf } from '../../store/exploration.testing.ts';
import { useStudio } from '../../store/studio.ts';
import { clear, find, pointOf, recipeWith, scoresOf, set, show } from '../charts/stage.testing.tsx';
import { ParetoPanel } from './pareto-panel.tsx';
import { BEATEN, drag, EVEN, FIRST, front, greyed, LAST, limits, press } from './stage.testing.tsx';

afterEach(clear);

const FLOOR = '[data-floor="kana"]';

async function open(change: Parameters<typeof show>[1] = {}) {
  show(<ParetoPanel />, { points: front, ...change });
  await expect.poll(() => document.querySelectorAll('[data-point]').length).toBe(front.length);
}

describe('a floor', () => {
  test('is moved by keys from where the axis begins, greys what lies below, and counts the rest', async () => {
    await open();
    expect(find(FLOOR).getAttribute('aria-valuetext')).toMatch(/, no limit$/);
    expect(greyed()).toEqual([]);
    // The axis goes from 45 to 95 %: a page is 5 %.
    const [low = 0, high = 0] = ['aria-valuemin', 'aria-valuemax'].map((name) =>
      Number(find(FLOOR).getAttribute(name)),
    );
    await press(FLOOR, '{PageUp}'.repeat(Math.ceil((0.7 - low) / ((high - low) / 10))));
    const floor = limits().floors.kana ?? 0;
    expect(floor).toBeGreaterThan(0.6);
    expect(floor).toBeLessThan(0.8);
    expect([...greyed()].sort()).toEqual([BEATEN, LAST].sort());
    expect(find('.kept-line').textContent).toContain('2 of 4 measured merges above all floors');
    await press(FLOOR, '{Delete}');
    expect(limits().floors).toEqual({});
    expect(greyed()).toEqual([]);
  });

  test('is dragged in, and gone where the axis begins', async () => {
    await open();
    const plot = find('.points rect').getBoundingClientRect();
    const handle = find(FLOOR);
    const y = plot.top + 5;
    await drag(handle, [plot.left + 4, y], [plot.left + 0.5 * plot.width, y]);
    const { kana = 0 } = limits().floors;
    const [low, high] = ['aria-valuemin', 'aria-valuemax'].map((name) => Number(handle.getAttribute(name)));
    expect(kana).toBeCloseTo(((low ?? 0) + (high ?? 0)) / 2, 1);
    await drag(handle, [plot.left + 0.5 * plot.width, y], [plot.left - 20, y]);
    expect(limits().floors).toEqual({});
  });

  test('of the other plot holds here too, and "clear" takes all away', async () => {
    await open({ floors: { rotation: 0.7 }, brushes: { 'λ kana': [0.3, 0.6] } });
    expect([...greyed()].sort()).toEqual([FIRST, LAST, BEATEN].sort());
    expect(find('.kept-line').textContent).toContain('1 of 4 measured merges in the selection');
    await userEvent.click(find('.kept-line button'));
    expect(limits()).toEqual({ floors: {}, brushes: {} });
  });

  test('can be typed, in percent', async () => {
    await open();
    await userEvent.click(find('[data-fold="choose"]'));
    await expect.poll(() => document.querySelector('input[aria-label^="floor of"]')).not.toBeNull();
    const box = find('input[aria-label^="floor of"]');
    await userEvent.fill(box, '75');
    await userEvent.keyboard('{Enter}');
    expect(limits().floors).toEqual({ kana: 0.75 });
    await userEvent.fill(box, '');
    await userEvent.keyboard('{Enter}');
    expect(limits().floors).toEqual({});
  });
});

describe('a drag over the plot', () => {
  test('brushes a range of both axes, and Escape takes it away', async () => {
    await open();
    const area = find('.points');
    const { left, top } = find(`[data-point="${EVEN}"]`).getBoundingClientRect();
    await drag(area, [left - 20, top - 15], [left + 25, top + 20]);
    expect(Object.keys(limits().brushes).sort()).toEqual(['task kana', 'task rotation']);
    expect([...greyed()].sort()).toEqual([FIRST, LAST, BEATEN].sort());
    expect(useStudio.getState().recipe, 'nothing is taken over').not.toEqual(front[1]?.recipe);
    expect(find('.brushed')).toBeTruthy();
    find('.brushable').focus();
    await userEvent.keyboard('{Escape}');
    expect(limits().brushes).toEqual({});
  });

  test('to the edge has no limit there', async () => {
    await open();
    const box = find('.points rect').getBoundingClientRect();
    const at = find(`[data-point="${EVEN}"]`).getBoundingClientRect();
    await drag(find('.points'), [at.left - 30, at.top + 30], [box.right + 30, box.top - 30]);
    expect(Object.values(limits().brushes).map(([, most]) => most)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

test('a slider moves the star alone: no point is drawn anew', async () => {
  await open();
  const before = [...document.querySelectorAll('[data-point]')].map((mark) => mark.outerHTML);
  const changes: MutationRecord[] = [];
  const observer = new MutationObserver((records) => changes.push(...records));
  observer.observe(find('.points'), { subtree: true, childList: true, attributes: true });
  set({ recipe: recipeWith(0.3, 0.3, 0.7, 0.1) });
  await new Promise((done) => setTimeout(done, 50));
  observer.disconnect();
  expect(changes).toEqual([]);
  expect([...document.querySelectorAll('[data-point]')].map((mark) => mark.outerHTML)).toEqual(before);
});

test('an estimate beyond what was sampled is a hatched star, and a guess in words', async () => {
  const spread = Array.from({ length: 40 }, (_, i) => {
    const c = [3, 4, 5, 7].map((step) => (i * step * 0.137) % 1);
    const scores = scoresOf(200, ...c.map((value) => 0.3 + 0.6 * value));
    return pointOf(recipeWith(...c), scores, scores, c);
  });
  show(<ParetoPanel />, { points: spread, exploration: explorationOf(spread), recipe: recipeWith(0.5, 0.5, 0.5, 0.5) });
  await expect.poll(() => document.querySelector('[data-star]')).not.toBeNull();
  expect(find('[data-star]').dataset.star).toBe('estimated');
  set({ recipe: recipeWith(1.4, 0.5, 0.5, 0.5) });
  expect(find('[data-star]').dataset.star).toBe('estimated extrapolated');
  expect(find('[data-star] pattern')).toBeTruthy();
  expect(find('.detail-line').textContent).toContain('extrapolated: outside what was sampled');
});
