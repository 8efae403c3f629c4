import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { eventually } from '../../store/eventually.testing.ts';
import { useStudio } from '../../store/studio.ts';
import { clear, find, pointOf, recipe, recipeWith, scoresOf, set, show } from '../charts/stage.testing.tsx';
import { ParetoPanel } from './pareto-panel.tsx';

beforeEach(() => page.viewport(900, 900));
afterEach(clear);

const at = (kana: number, rotation: number, ...lambda: readonly number[]) =>
  pointOf(
    recipeWith(...lambda),
    scoresOf(100, 0.5, 0.5, kana, rotation),
    scoresOf(100, 0.5, 0.5, kana - 0.1, rotation - 0.1),
    lambda,
  );
const searched = [at(0.9, 0.7, 0.1, 0, 0, 0), at(0.7, 0.9, 0, 0.1, 0, 0)].map(
  (point) => ({ ...point, source: 'design' }) as const,
);
const random = [at(0.8, 0.6, 0.2, 0, 0, 0), at(0.6, 0.8, 0, 0.2, 0, 0)];
const shared = [at(0.6, 0.6, 0.1, 0.1, 0.1, 0.1), at(0.7, 0.7, 0.2, 0.2, 0.2, 0.2)];
const study = searched[0]?.study ?? '';
const comparisons = [
  { id: 'random', scope: study, points: random },
  { id: 'shared', scope: recipe.experts.join(), points: shared },
] as const;

const open = async (): Promise<void> => {
  find('[data-fold="compare"]').click();
  await eventually(() => find('.compare table'));
};
const row = (id: string) => find(`tr[data-set="${id}"]`);

describe('what MAP is compared with', () => {
  test('stands in the plot by name, each with its own hypervolume beside MAP’s', async () => {
    show(<ParetoPanel />, { points: searched, comparisons });
    await eventually(() => find('[data-comparison="random"]'));
    expect(document.querySelectorAll('[data-comparison="random"] [data-compared]')).toHaveLength(2);
    expect(document.querySelector('[data-comparison="shared"] polyline')).not.toBeNull();
    const names = [...document.querySelectorAll('.comparisons text')].map((text) => text.textContent);
    expect(names).toEqual(['random search', 'shared λ']);
    // 0.9 · 0.9 less the corner that neither has.
    await eventually(() => expect(find('[data-volume="map"]').textContent).toContain('MAP 0.770 (2 merges)'));
    expect(find('[data-volume="random"]').textContent).toContain('random search 0.600 (2 merges)');
    expect(find('[data-volume="shared"]').textContent).toContain('shared λ 0.490 (2 merges)');
  });

  test('is chosen on calibration and reported on test', async () => {
    show(<ParetoPanel />, { points: searched, comparisons });
    await open();
    expect(row('map').textContent).toContain('0.770 → 0.600');
    expect(row('random').textContent).toMatch(/2.*0\.600 → 0\.450.*60\.0 → 55\.0/);
    expect(find('.compare .hint').textContent).toContain('n = 100');
  });

  test('says what it costs before it is measured, and starts nothing without points', async () => {
    show(<ParetoPanel />, { points: [], msPerSample: 1 });
    await open();
    expect(row('random').textContent).toContain('measure points first');
    expect(row('soups').textContent).toMatch(/Measure \d+ about \d+/);
    expect(row('trained').textContent).toContain('and a training');
    row('soups')
      .querySelector('button.plain')
      ?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    const { plan, search } = useStudio.getState();
    expect(plan?.comparison?.id).toBe('soups');
    expect(search).toMatchObject({ phase: 'measuring', total: plan?.recipes.length });
    await eventually(() => expect(row('soups').textContent).toContain('measuring 0 of'));
    expect(row('shared').querySelector<HTMLButtonElement>('button.plain')?.disabled).toBe(true);
  });

  test('can be hidden, and is in the table of points under its name', async () => {
    show(<ParetoPanel />, { points: searched, comparisons });
    await open();
    await eventually(() => find('[data-comparison="shared"]'));
    find('[data-fold="table"]').click();
    const rows = () => [...document.querySelectorAll('.point-table tbody tr')].map((each) => each.textContent ?? '');
    await eventually(() => expect(rows().filter((text) => text.includes('shared λ'))).toHaveLength(2));
    (find('input[aria-label="Draw shared λ"]') as HTMLInputElement).click();
    await eventually(() => expect(document.querySelector('[data-comparison="shared"]')).toBeNull());
    expect(rows().filter((text) => text.includes('shared λ'))).toEqual([]);
  });
});

describe('a prediction', () => {
  test('stands hollow, joined to where the merge came out, and is told with its error', async () => {
    const [point] = searched;
    if (!point) throw new Error('there is a point');
    const predictions = { [point.mergeId]: { kana: 0.85, rotation: 0.72 } };
    show(<ParetoPanel />, { points: searched, predictions });
    await eventually(() => find(`[data-predicted="${point.mergeId}"] circle`));
    const line = find(`[data-predicted="${point.mergeId}"] line`);
    expect(line.getAttribute('x1')).not.toBe(line.getAttribute('x2'));
    expect(document.querySelectorAll('[data-predicted]')).toHaveLength(1);
    find(`[data-point="${point.mergeId}"]`).focus();
    await eventually(() =>
      expect(find('.detail-line').textContent).toContain('85.0 · 72.0 predicted before, off by +5.0 · −2.0'),
    );
    set({ predictions: {} });
    expect(document.querySelectorAll('[data-predicted]')).toHaveLength(0);
  });
});
