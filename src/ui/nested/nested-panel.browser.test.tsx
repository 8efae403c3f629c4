import { afterEach, describe, expect, test } from 'vitest';
import { createNested } from '../../engine/nested-service.ts';
import { accuracyAt } from '../../pareto/nested/nested.testing.ts';
import { selectNestedRequest } from '../../store/nested.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { clear, find, pointOf, recipe, recipeWith, scoresOf, set, show } from '../charts/stage.testing.tsx';
import NestedPanel from './nested-panel.tsx';

afterEach(clear);

const ask = createNested();

/** A merge as the landscape of the tests has it. */
function measuredAt(c: readonly number[]): ParetoPoint {
  const scores = scoresOf(256, ...c.map((_, task) => accuracyAt(c, task)));
  return pointOf(recipeWith(...c), scores, scores, c);
}

/** Measures everything that the weights of the moment need. */
function measureAll(): void {
  for (;;) {
    const asked = selectNestedRequest(useStudio.getState());
    if (!asked) throw new Error('there is nothing to ask');
    const status = ask(asked.request);
    set({ nested: { ...status, study: asked.study, key: asked.key } });
    if (!status.next) return;
    set({
      points: [...useStudio.getState().points, ...status.next.merges.map((merge) => measuredAt(merge.coefficients))],
    });
  }
}

const nodes = () => [...document.querySelectorAll<HTMLElement>('[data-node]')];
const marks = (node: HTMLElement | undefined) => [...(node?.querySelectorAll<SVGGElement>('[data-mark]') ?? [])];

describe('the tree of nested MAP', () => {
  test('says its numbers, and what it costs, before anything is measured', () => {
    show(<NestedPanel />, { nodePoints: 8 });
    expect(find('.nested-idea').textContent).toContain('N − 1 = 3 fronts in two coefficients, 8 merges each: 24');
    expect(find('.nested-idea').textContent).toContain('p = 15 unknowns: 2p = 30 merges');
  });

  test('draws a front at every node, and the merge that is preferred, predicted and measured', () => {
    show(<NestedPanel />, { nodePoints: 8 });
    measureAll();
    expect(nodes()).toHaveLength(3);
    for (const node of nodes()) {
      expect(node.dataset.state).toBe('done');
      expect(node.querySelector('path.front')).not.toBeNull();
      expect(marks(node).filter((mark) => mark.dataset.mark === 'predicted')).toHaveLength(1);
      expect(marks(node).filter((mark) => mark.dataset.mark === 'measured')).toHaveLength(1);
      expect(node.textContent).toMatch(/predicted.*measured.*8 merges, n = 256/);
    }
    expect(find('.nested-outcome table').textContent).toContain('measured, calibration, n = 256');
  });

  test('sets the sliders to a mark by the keyboard, and to the preferred merge by its button', async () => {
    show(<NestedPanel />, { nodePoints: 8 });
    measureAll();
    const [first] = nodes();
    const own = marks(first).filter((mark) => mark.dataset.mark === 'sample');
    own[0]?.focus();
    await expect.poll(() => first?.querySelector('.node-caption')?.textContent).toContain('measured, n = 256 per task');
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    expect(useStudio.getState().recipe).not.toEqual(recipe);
    find('.nested-outcome button').click();
    const coefficients = find('.nested-outcome').dataset.coefficients?.split(',').map(Number) ?? [];
    expect(useStudio.getState().recipe).toEqual(recipeWith(...coefficients));
  });

  test('pairs two models by hand and takes them apart', () => {
    show(<NestedPanel />, { nodePoints: 8 });
    measureAll();
    const choose = (label: string, value: string) => {
      const select = find(`select[aria-label="${label}"]`) as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    };
    choose('Pair', '0');
    choose('with', '3');
    expect(useStudio.getState().pairs).toEqual([['digits', 'rotation']]);
    measureAll();
    expect(nodes().map(({ dataset }) => dataset.node)).toContain('(0,3)');
    find('button[aria-label="Take digits + rotation apart"]').click();
    expect(useStudio.getState().pairs).toEqual([]);
  });

  test.each([
    ['two experts', { ...recipe, experts: recipe.experts.slice(0, 2) }, 'Two experts make one node'],
    [
      'a method without coefficients per expert',
      { ...recipe, chain: [{ method: 'adamerging', controls: { step: 300 } }] },
      'one coefficient per expert',
    ],
  ])('says in words why there is nothing to do: %s', (_, other, words) => {
    show(<NestedPanel />, { recipe: other });
    expect(find('.note').textContent).toContain(words);
  });
});
