import { afterEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { useStudio } from '../../store/studio.ts';
import { clear, find, set, show } from '../charts/stage.testing.tsx';
import { ParetoPanel } from './pareto-panel.tsx';
import { FIRST, front, press } from './stage.testing.tsx';

afterEach(clear);

async function open(change: Parameters<typeof show>[1] = {}) {
  show(<ParetoPanel />, { points: front, ...change });
  await expect.poll(() => document.querySelector('[data-pick]')).not.toBeNull();
}

const button = (rule: string) => find(`button[data-rule="${rule}"]`);
const shown = () => useStudio.getState().recipe;

describe('the row of picks', () => {
  test('says what each rule chooses, from how many merges, and takes it over', async () => {
    await open();
    expect(button('balanced').textContent).toContain('80.0 · 80.0');
    expect(button('balanced').getAttribute('aria-label')).toMatch(
      /balanced merge: 80\.0 · 80\.0 percent, measured, n = 100/,
    );
    expect(find('.picks-row .lead').textContent).toContain('among 4 measured merges, calibration split, n = 100');
    await userEvent.click(button('balanced'));
    expect(shown()).toEqual(front[1]?.recipe);
    expect(button('balanced').getAttribute('aria-pressed')).toBe('true');
  });

  test('chooses above the floors alone, and says so when nothing is left', async () => {
    await open({ floors: { kana: 0.85 } });
    expect(button('balanced').textContent).toContain('90.0 · 50.0');
    expect(find('.pick-note').textContent).toBe('among 1 of 4');
    set({ floors: { kana: 0.99 } });
    await expect.poll(() => document.querySelector('[data-rule]')).toBeNull();
    expect(find('.pick-note').textContent).toContain('None of 4 measured merges');
  });

  test('follows the weights', async () => {
    await open({ preference: { among: 'measured', weights: { kana: 1, rotation: 0.05 }, wish: {} } });
    expect(button('weights').textContent).toContain('90.0 · 50.0');
  });
});

describe('a mark of the plot', () => {
  test('is named by the rules that agree on it, and takes its merge over by Enter', async () => {
    await open({ preference: { among: 'measured', weights: { kana: 1, rotation: 0 }, wish: {} } });
    expect(find(`[data-pick="${FIRST}"] text`).textContent).toBe('weights');
    await press(`[data-pick="${FIRST}"]`, '{Enter}');
    expect(shown()).toEqual(front[0]?.recipe);
  });
});

describe('a wish', () => {
  test('starts at the best of each, is moved by keys, and chooses the nearest', async () => {
    await open();
    await userEvent.click(find('[data-fold="choose"]'));
    await expect.poll(() => document.querySelector('.choose-by footer .plain')).not.toBeNull();
    await userEvent.click(find('.choose-by footer .plain'));
    expect(useStudio.getState().preference.wish).toEqual({ kana: 0.9, rotation: 0.9 });
    await expect.poll(() => document.querySelector('[data-rule="wish"]')?.textContent).toContain('not met');
    const wish = '.wish-mark';
    await press(wish, '{ArrowDown}'.repeat(3));
    expect(useStudio.getState().preference.wish.rotation).toBeLessThan(0.9);
    expect(useStudio.getState().preference.wish.kana).toBe(0.9);
    await press(wish, '{Delete}');
    expect(document.querySelector(wish)).toBeNull();
    await expect.poll(() => document.querySelector('[data-rule="wish"]')).toBeNull();
  });
});
