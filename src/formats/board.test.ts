import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../methods/metadata.ts';
import { boardOf, boardOutcome, meanScore, withinNoise } from './board.ts';
import { testCard, testCatalogue } from './recipe.testing.ts';
import { openingRecipe } from './recipe.ts';

const learns = { needs: { base: true, experts: { min: 1 }, gradients: true } } as const;
const catalogue: Catalogue = {
  ...testCatalogue,
  methods: testCatalogue.methods.map((method) => (method.id === 'adamerging' ? { ...method, ...learns } : method)),
};
const mix = openingRecipe(testCard, catalogue);
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe('the leaderboard', () => {
  it('has every method and preset that takes the experts, with default controls, in the catalogue’s order', () => {
    const moved = { ...mix, chain: mix.chain.map((step) => ({ ...step, controls: { lambda: [1, 1, 1, 1] } })) };
    const { entries } = boardOf(moved, catalogue, testCard, { trained: false });
    expect(ids(entries)).toEqual(['task-arithmetic', 'ties', 'dare-ties']);
    expect(entries[0]?.recipe).toEqual(mix);
    expect(entries[2]?.recipe.chain.map(({ method }) => method)).toEqual(['dare', 'ties']);
    expect(entries[2]?.recipe.chain[1]?.controls.density).toBe(1);
  });

  it('says why the others are left out', () => {
    const { leftOut } = boardOf(mix, catalogue, testCard, { trained: false });
    expect(leftOut).toEqual([
      { id: 'slerp', name: 'SLERP', reason: 'SLERP needs exactly 2 experts and 4 are chosen: leave 2 out.' },
      { id: 'adamerging', name: 'adamerging', reason: expect.stringContaining('only when asked for') },
    ]);
  });

  it('puts what is trained last, when it is asked for', () => {
    expect(ids(boardOf(mix, catalogue, testCard, { trained: true }).entries).at(-1)).toBe('adamerging');
  });
});

describe('a row of the leaderboard', () => {
  const card = {
    ...testCard,
    accuracy: { digits: { digits: [{ correct: 50, n: 100 }] }, kana: { kana: [{ correct: 80, n: 100 }] } },
  };
  const tasks = ['digits', 'kana'];
  const scores = (digits: number, kana: number) => ({
    digits: { correct: digits, n: 100 },
    kana: { correct: kana, n: 100 },
  });

  it('averages tasks and shares of the experts, and knows the worst task', () => {
    const outcome = boardOutcome(scores(40, 80), tasks, card);
    expect(outcome).toMatchObject({
      average: expect.closeTo(0.6, 12),
      worst: { task: 'digits', accuracy: 0.4 },
      n: 100,
    });
    expect(outcome?.ofExperts).toBeCloseTo((0.8 + 1) / 2, 12);
    expect(outcome?.low).toBeGreaterThan(0.5);
    expect(outcome?.high).toBeLessThan(0.7);
    expect(outcome?.low).toBeLessThan(0.6);
  });

  it('is not there before every task is measured', () => {
    expect(boardOutcome({ digits: { correct: 1, n: 2 } }, tasks, card)).toBeUndefined();
    expect(meanScore({ digits: { correct: 1, n: 2 } }, tasks)).toBeUndefined();
    expect(meanScore({ digits: { correct: 1, n: 2 }, kana: { correct: 2, n: 2 } }, tasks)).toBe(0.75);
  });

  it('tells a difference from noise by all its answers', () => {
    const [best, near, far] = [scores(80, 80), scores(78, 76), scores(60, 70)].map((own) =>
      boardOutcome(own, tasks, card),
    );
    if (!best || !near || !far) throw new Error('all tasks are measured');
    expect(withinNoise(near, best)).toBe(true);
    expect(withinNoise(far, best)).toBe(false);
  });
});
