import catalogue from 'virtual:catalogue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { boardOf } from '../../formats/board.ts';
import { mergeId } from '../../formats/merge-id.ts';
import { isPack } from '../../formats/pack.ts';
import type { Standings } from '../../store/board.ts';
import { boardScope } from '../../store/board-next.ts';
import { useStudio } from '../../store/studio.ts';
import { clear, find, recipe, scoresOf, set, show, testCard } from '../charts/stage.testing.tsx';
import BoardSheet from './board-sheet.tsx';

beforeEach(() => page.viewport(1200, 900));
afterEach(clear);

const { entries } = boardOf(recipe, catalogue, testCard, { trained: false });
const [packs, singles] = [true, false].map((pack) =>
  entries.filter((entry) => isPack(entry.recipe, catalogue) === pack),
);
const [first, second, third] = singles ?? [];
const [pack] = packs ?? [];
if (!first || !second || !third || !pack) throw new Error('the catalogue has three methods and a pack');
const scope = boardScope(recipe);

const merge = (entry: typeof first, share: number) => ({
  mergeId: mergeId(entry.recipe, catalogue, testCard),
  recipe: entry.recipe,
  test: scoresOf(500, share, share, share, share),
  prepareMs: 12,
  combineMs: 3,
});
const standing = (entry: typeof first, share: number, rest: Partial<Standings[string]> = {}): Standings => ({
  [entry.id]: {
    mergeId: mergeId(entry.recipe, catalogue, testCard),
    first: merge(entry, share),
    failure: null,
    scores: [share],
    tuned: null,
    ...rest,
  },
});
const boards = { [scope]: { ...standing(first, 0.8), ...standing(second, 0.79), ...standing(third, 0.5) } };

const open = (change: Parameters<typeof show>[1] = {}) =>
  show(<BoardSheet onClose={() => {}} />, { samples: 512, msPerSample: 1, ...change });
const rows = () => [...document.querySelectorAll<HTMLElement>('tr[data-entry]')];
const order = () => rows().map(({ dataset }) => dataset.entry);
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

describe('the leaderboard', () => {
  test('says what it costs before anything is measured, and starts with every method', async () => {
    open();
    expect(rows().length).toBeGreaterThan(2);
    expect(find('#board-measure').textContent).toMatch(
      /\d+ merges, n = 64 calibration and 512 test samples per task; about \d+/,
    );
    expect(find('#board-tune').textContent).toMatch(
      /24 merges each on n = 64 calibration images per task: \d+ merges more/,
    );
    await button(/^Measure \d+ methods/).click();
    expect(useStudio.getState().boardRun).toMatchObject({ measure: order(), tune: [], paused: false });
    expect(useStudio.getState().boardNext).toMatchObject({ kind: 'default', splits: ['calibration', 'test'] });
    await expect.element(page.getByRole('status')).toHaveTextContent(/^measuring .*: 0 of \d+ methods measured$/);
    await button('Pause').click();
    expect(useStudio.getState().boardNext).toBeNull();
    await button('Resume').click();
    expect(useStudio.getState().boardNext).not.toBeNull();
    await button('Stop').click();
    expect(useStudio.getState().boardRun).toBeNull();
  });

  test('ranks by average, tells what is within noise of the best, and sorts by any column', async () => {
    open({ boards });
    expect(order().slice(0, 3)).toEqual([first.id, second.id, third.id]);
    expect(
      rows()
        .slice(0, 3)
        .map(({ dataset }) => dataset.rank),
    ).toEqual(['best', 'within noise', 'below']);
    expect(rows()[0]?.textContent).toMatch(/best80\.0–80\.0 digits.*12 ms \+ 3\.0 ms500/);
    await button('default %').click();
    expect(find('[aria-sort="ascending"]').textContent).toContain('default');
    expect(order()[0]).toBe(third.id);
    await button('Method').click();
    expect(order()).toEqual([...entries].sort((a, b) => a.name.localeCompare(b.name, 'en')).map(({ id }) => id));
  });

  test('packs are marked and ranked among packs', () => {
    open({ boards: { [scope]: { ...boards[scope], ...standing(pack, 0.95) } } });
    expect(order().slice(0, 2)).toEqual([pack.id, first.id]);
    expect(rows()[0]?.textContent).toContain('packbest pack');
    expect(rows()[1]?.dataset.rank).toBe('best');
  });

  test('marks the merge on the screen, takes another one by its name, and undo brings it back', async () => {
    const closed = vi.fn();
    show(<BoardSheet onClose={closed} />, { samples: 512, boards });
    const current = entries.find((entry) => JSON.stringify(entry.recipe) === JSON.stringify(recipe));
    const shown = document.querySelector<HTMLElement>('tr[aria-current="true"]')?.dataset.entry;
    expect(shown).toBe(boards[scope]?.[current?.id ?? ''] ? current?.id : undefined);
    await button(third.name).click();
    expect(useStudio.getState().recipe).toEqual(third.recipe);
    expect(closed).toHaveBeenCalled();
    expect(find('tr[aria-current="true"]').dataset.entry).toBe(third.id);
    useStudio.getState().undo();
    expect(useStudio.getState().recipe).toEqual(recipe);
  });

  test('pins rows as A and B', async () => {
    open({ boards });
    await expect.element(button(`Pin ${second.name} as B`)).toBeDisabled();
    await button(`Pin ${first.name} as A`).click();
    await button(`Pin ${second.name} as B`).click();
    const { a, b } = useStudio.getState().pins;
    expect([a?.recipe, b?.recipe]).toEqual([first.recipe, second.recipe]);
    expect(find('[aria-pressed="true"]').textContent).toBe('A');
  });

  test('shows default and tuned beside each other, and ranks by either', async () => {
    const tuned = { ...boards[scope], ...standing(third, 0.5, { tuned: { ...merge(third, 0.95), mergeId: 'tuned' } }) };
    open({ boards: { [scope]: tuned } });
    expect(order()[0]).toBe(first.id);
    await page.getByRole('radio', { name: 'Tuned' }).click();
    expect(order()[0]).toBe(third.id);
    expect(rows()[0]?.textContent).toMatch(/50\.0.*95\.0/);
    expect(document.querySelectorAll('.whiskers path')).toHaveLength(4);
  });

  test('tells what could not be merged, and why others are left out', () => {
    open({ boards: { [scope]: standing(first, 0.8, { first: null, failure: 'The weights sum to 0.' }) } });
    expect(find(`tr[data-entry="${first.id}"]`).textContent).toContain('The weights sum to 0.');
    expect(find('.board-left-out').textContent).toContain('needs exactly 2 experts');
    set({ boardRun: { scope: 'another mix', measure: [], tune: [], paused: false } });
    expect(find('.board-actions').textContent).toContain('A run for another mix waits');
  });
});
