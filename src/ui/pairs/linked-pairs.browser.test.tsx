import catalogue from 'virtual:catalogue';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { withCoefficients } from '../../formats/coefficients.ts';
import { testCard } from '../../formats/recipe.testing.ts';
import { defaultView } from '../../formats/view.ts';
import { useStudio } from '../../store/studio.ts';
import { clear, find, pointOf, recipe, scoresOf, show } from '../charts/stage.testing.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { drag } from '../pareto/stage.testing.tsx';

beforeEach(() => page.viewport(900, 800));
afterEach(clear);

const three = { ...recipe, experts: recipe.experts.slice(0, 3) };
const merge = (a: number, b: number, c: number) => {
  const of = withCoefficients(three, catalogue, [a, b, c]);
  const scores = scoresOf(100, a, b, c);
  return pointOf(of, scores, scores, [a, b, c]);
};
const points = [merge(0.9, 0.5, 0.6), merge(0.7, 0.7, 0.7), merge(0.5, 0.9, 0.8)];

async function open() {
  show(<ParetoPanel />, {
    recipe: withCoefficients(three, catalogue, [0.3, 0.3, 0.3]),
    points,
    view: { ...defaultView(recipe, testCard), pair: ['kana', 'rotation'], goals: 'all' },
  });
  await userEvent.click(page.getByRole('radio', { name: 'linked pairs' }));
  await expect.poll(() => document.querySelectorAll('.pair-plot canvas').length).toBe(3);
}

const counted = () => find('.parallel-head p').textContent;

describe('three tasks', () => {
  test('are three scatters; what the keyboard reads in one is ringed in all and read out above', async () => {
    await open();
    expect(counted()).toBe('3 of 3 merges in the selection');
    find('.pair-plot .cursor').focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    await expect.poll(() => document.querySelectorAll('.pair-plot .ring').length).toBe(3);
    expect(find('.parallel-detail').textContent).toContain('70.0 %');
    await userEvent.keyboard('{Enter}');
    expect(useStudio.getState().recipe).toEqual(points[1]?.recipe);
  });

  test('are brushed by a drag in one of them, which counts in all', async () => {
    await open();
    const [first] = document.querySelectorAll('.pair-plot .cursor');
    const { left, top, width, height } = (first ?? find('nothing')).getBoundingClientRect();
    // From the middle to the upper right corner: only the even merge is above the middle in both.
    await drag(
      find('.pair-plot .brushable'),
      [left + 0.3 * width, top + 0.7 * height],
      [left + 0.7 * width, top + 0.3 * height],
    );
    expect(Object.keys(useStudio.getState().brushes)).toHaveLength(2);
    expect(counted()).toBe('1 of 3 merges in the selection');
  });
});
