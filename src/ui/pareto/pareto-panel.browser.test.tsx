import { afterEach, describe, expect, test } from 'vitest';
import { useStudio } from '../../store/studio.ts';
import { clear, find, measured, pointOf, recipe, recipeWith, scoresOf, show } from '../charts/stage.testing.tsx';
import { ParetoPanel } from './pareto-panel.tsx';

afterEach(clear);

const better = recipeWith(0.1, 0.1, 0.9, 0.1);
const points = [
  pointOf(recipe, scoresOf(256, 0.9, 0.8, 0.7, 0.6), scoresOf(512, 0.9, 0.8, 0.72, 0.61), [0.3, 0.3, 0.3, 0.3]),
  pointOf(better, scoresOf(256, 0.5, 0.5, 0.9, 0.4), scoresOf(512, 0.5, 0.5, 0.88, 0.41), [0.1, 0.1, 0.9, 0.1]),
];

const marks = () => [...document.querySelectorAll<SVGGElement>('[data-point]')];
const mark = async (id: string) => {
  await expect.poll(() => marks().some((each) => each.dataset.point === id)).toBe(true);
  return marks().find((each) => each.dataset.point === id) as SVGGElement;
};

describe('the Pareto plot', () => {
  test('draws every measured merge, and the star where the merge on the screen is', async () => {
    show(<ParetoPanel />, {
      points,
      run: { phase: 'measured' },
      measurement: measured(recipe, scoresOf(512, 0.9, 0.8, 0.72, 0.61)),
    });
    await mark(points[0]?.mergeId ?? '');
    expect(marks()).toHaveLength(2);
    expect(find('[data-star]').dataset.star).toBe('measured');
  });

  test('sets the sliders to a point that is clicked', async () => {
    show(<ParetoPanel />, { points });
    const point = await mark(points[1]?.mergeId ?? '');
    const { x, y, width, height } = point.getBoundingClientRect();
    point.dispatchEvent(new MouseEvent('click', { clientX: x + width / 2, clientY: y + height / 2, bubbles: true }));
    expect(useStudio.getState().recipe).toEqual(better);
  });

  test('is used by the keyboard: arrows go from point to point, Enter takes one', async () => {
    show(<ParetoPanel />, { points });
    (await mark(points[0]?.mergeId ?? '')).focus();
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    press('ArrowRight');
    expect((document.activeElement as HTMLElement).dataset.point).toBe(points[1]?.mergeId);
    press('Enter');
    expect(useStudio.getState().recipe).toEqual(better);
  });

  test('swaps the axes when one is given the other’s task', () => {
    show(<ParetoPanel />, { points });
    const select = find('select[aria-label="Task of the horizontal axis"]') as HTMLSelectElement;
    select.value = 'rotation';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    expect(useStudio.getState().view?.pair).toEqual(['rotation', 'kana']);
  });

  test('says the budget before anything is measured', () => {
    show(<ParetoPanel />, {});
    expect(find('#measure-budget').textContent).toMatch(/^30 merges.* p = 15 unknowns/);
  });
});
