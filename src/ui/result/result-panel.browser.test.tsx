import { afterEach, describe, expect, test } from 'vitest';
import { clear, find, measured, recipe, recipeWith, scoresOf, set, show } from '../charts/stage.testing.tsx';
import { ResultPanel } from './result-panel.tsx';

afterEach(clear);

const rows = () => [...document.querySelectorAll<HTMLElement>('tr[data-task]')];
const sentence = () => find('[data-testid="sentence"]').textContent;

const first = measured(recipe, scoresOf(512, 0.9, 0.8, 0.7, 0.6));

describe('the result', () => {
  test('can be read by a script: task, accuracy, samples, state and merge', () => {
    show(<ResultPanel />, { run: { phase: 'measured' }, measurement: first });
    expect(find('section').dataset.mergeId).toBe(first.mergeId);
    expect(rows().map(({ dataset }) => [dataset.task, dataset.n, dataset.state])).toEqual(
      recipe.experts.map((task) => [task, '512', 'measured']),
    );
    expect(Number(rows()[0]?.dataset.accuracy)).toBeCloseTo(0.9, 2);
    expect(find('[data-testid="state-line"]').textContent).toBe('measured on 512 of 64 test samples per task');
  });

  test('keeps old numbers pale, under their own merge, while another recipe is measured', () => {
    show(<ResultPanel />, { run: { phase: 'measured' }, measurement: first });
    set({ recipe: recipeWith(1, 0, 0, 0), run: { phase: 'measuring' } });
    expect(find('section').dataset.mergeId).not.toBe(first.mergeId);
    expect(rows().map(({ dataset }) => [dataset.state, dataset.mergeId])).toEqual(
      recipe.experts.map(() => ['measuring', first.mergeId]),
    );
  });

  test('says once per settled change what happened', async () => {
    show(<ResultPanel />, { run: { phase: 'measured' }, measurement: first });
    const after = recipeWith(0.6, 0.3, 0.3, 0.3);
    const second = measured(after, scoresOf(512, 0.99, 0.8, 0.7, 0.4));
    set({ recipe: after, run: { phase: 'measuring' } });
    set({ measurement: measured(after, scoresOf(64, 0.9, 0.8, 0.7, 0.4)) });
    const early = sentence();
    set({ measurement: second, previous: first, run: { phase: 'measured' } });
    await expect.poll(sentence).toBe('λ digits .30 → .60: rotation −19.9 points, digits +9.0; 2 others within noise.');
    expect(early).not.toContain('→');
    expect(find('[data-testid="sentence"]').getAttribute('aria-live')).toBe('polite');
  });

  test('tells why a recipe cannot be merged, in place of the sentence', () => {
    show(<ResultPanel />, { run: { phase: 'refused', reason: 'All weights are 0.' }, measurement: first });
    expect(find('[role="status"]').textContent).toBe('All weights are 0.');
    expect(getComputedStyle(find('[data-testid="sentence"]')).display).toBe('none');
  });
});
