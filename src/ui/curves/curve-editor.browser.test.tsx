/** The editor of curves on a phone: shapes and factors of groups, without the plot that fingers hide. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { clear, recipe, show } from '../charts/stage.testing.tsx';
import CurveEditor from './curve-editor.tsx';

beforeEach(() => page.viewport(390, 844));
afterEach(clear);

test('the factor of a group of layers is set on a phone', async () => {
  const moved = vi.fn();
  const expert = (name: string) => ({ name, index: 0 });
  show(<CurveEditor recipe={recipe} blocks={4} table={[]} expert={expert} onCurves={moved} onFilter={() => {}} />, {});
  expect(document.querySelector('.curve-plane')).toBeNull();
  await page.getByRole('button', { name: 'lower factor of MLP for all experts' }).click();
  expect(moved).toHaveBeenCalledOnce();
  const curves: readonly unknown[] = moved.mock.lastCall?.[1] ?? [];
  expect(curves).toHaveLength(recipe.experts.length);
  for (const curve of curves) expect(curve).toMatchObject({ groups: { mlp: expect.closeTo(0.95, 6) } });
});
