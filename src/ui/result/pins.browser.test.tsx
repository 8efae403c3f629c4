import catalogue from 'virtual:catalogue';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { withMethod } from '../../formats/recipe.ts';
import { eventually } from '../../store/eventually.testing.ts';
import { useStudio } from '../../store/studio.ts';
import { clear, find, measured, recipe, recipeWith, scoresOf, set, show } from '../charts/stage.testing.tsx';
import { ResultPanel } from './result-panel.tsx';

beforeEach(() => page.viewport(1000, 900));
afterEach(clear);

const first = measured(recipe, scoresOf(500, 0.9, 0.8, 0.7, 0.6));
const moved = recipeWith(0.3, 0.3, 0.3, 0.7);
const second = measured(moved, scoresOf(500, 0.9, 0.78, 0.7, 0.8));
const another = catalogue.methods.find(
  ({ id, kind, needs }) => kind === 'merge' && id !== recipe.chain[0]?.method && needs.experts.max === undefined,
);
const third = measured(withMethod(recipe, catalogue, another?.id ?? ''), scoresOf(500, 0.5, 0.5, 0.5, 0.5));

const deltas = () => [...document.querySelectorAll('td.delta')].map((cell) => cell.firstChild?.textContent);
const changes = () => [...document.querySelectorAll('.pin-changes li')].map(({ textContent }) => textContent);
const shown = () => ({ run: { phase: 'measured' }, measurement: first }) as const;
const go = (to: typeof first) => set({ recipe: to.recipe, measurement: to });

describe('a pinned result', () => {
  test('stands behind later bars, with differences that are grey within noise and a list of what changed', async () => {
    show(<ResultPanel />, shown());
    expect(document.querySelector('.pinned')).toBeNull();
    await page.getByRole('button', { name: 'Pin as A' }).click();
    await expect.element(page.getByRole('button', { name: 'Unpin A', exact: true }).first()).toBeVisible();
    expect(document.querySelectorAll('.pinned'), 'nothing stands behind itself').toHaveLength(0);
    go(second);
    expect(document.querySelectorAll('.task-bar .pinned')).toHaveLength(4);
    expect(deltas()).toEqual(['+0.0', '−2.0', '+0.0', '+20.0']);
    expect(document.querySelectorAll('td.delta.noise')).toHaveLength(3);
    await eventually(() => expect(changes()).toEqual(['λ rotation .30 → .70']));
    expect(find('.pin-changes').textContent).toContain('average +4.5 points over 4 tasks');
    expect(find('.result-key').textContent).toContain('A, pinned');
  });

  test('changes places with the screen, comes back onto it, and is let go', async () => {
    show(<ResultPanel />, { ...shown(), pins: { a: second, b: null } });
    await page.getByRole('button', { name: 'Swap with A' }).click();
    expect(useStudio.getState().recipe).toEqual(moved);
    expect(useStudio.getState().pins.a?.recipe).toEqual(recipe);
    await page.getByRole('button', { name: 'Use A' }).click();
    expect(useStudio.getState().recipe).toEqual(recipe);
    await page.getByRole('region', { name: 'Pinned merges' }).getByRole('button', { name: 'Unpin A' }).click();
    expect(useStudio.getState().pins.a).toBeNull();
    await eventually(() => expect(document.querySelector('.pins')).toBeNull());
  });

  test('is compared with B once there is one', async () => {
    show(<ResultPanel />, { ...shown(), pins: { a: first, b: third } });
    await eventually(() => expect(changes()[0]).toMatch(/^method .* → /));
    expect(find('.pin-changes h3').textContent).toBe('What changed, A → B');
    expect(find('th.delta').textContent, 'A is on the screen').toBe('vs B');
    expect(deltas()[0]).toBe('+40.0');
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    expect(find('[data-pin="a"]').dataset.mergeId).toBe(third.mergeId);
    expect(find('th.delta').textContent).toBe('vs A');
  });

  test('is compared with measured numbers only', () => {
    show(<ResultPanel />, { ...shown(), pins: { a: second, b: null } });
    expect(deltas()[3]).toBe('−20.0');
    set({ recipe: recipeWith(1, 1, 1, 1), run: { phase: 'measuring' } });
    expect(deltas()).toEqual([undefined, undefined, undefined, undefined].map(() => '–'));
    expect(document.querySelectorAll('.task-bar .pinned')).toHaveLength(4);
  });
});
