import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRecipe, testCatalogue } from './recipe.testing.ts';
import { chainFor, type Recipe } from './recipe.ts';
import { tunedRecipe, tuningOf, tuningSpace } from './tuning.ts';

const experts = ['digits', 'kana'];
const recipeOf = (...ids: readonly string[]): Recipe => ({
  family: 'glyph-vit',
  experts,
  chain: ids.flatMap((id) => chainFor(testCatalogue, id, experts.length) ?? []),
  seed: 1,
});
const keys = (recipe: Recipe) => tuningOf(recipe, testCatalogue).controls.map(({ method, key }) => `${method}.${key}`);

describe('what is tuned', () => {
  it('is what only needs a new combination, of every step', () => {
    expect(keys(recipeOf('ties'))).toEqual(['ties.lambda']);
    expect(keys(recipeOf('dare', 'task-arithmetic', 'lines'))).toEqual(['task-arithmetic.lambda', 'lines.alpha']);
    expect(tuningOf(recipeOf('ties'), testCatalogue).prepares).toBe(false);
  });

  it('is what needs a preparation where nothing else is there, but no training', () => {
    const { methods } = testCatalogue;
    const ties = methods.find(({ id }) => id === 'ties');
    const density = ties?.controls.density;
    if (!ties || !density) throw new Error('the test catalogue has TIES');
    const only = { ...ties, controls: { density } };
    const recipe: Recipe = { ...recipeOf(), chain: [{ method: 'ties', controls: { density: 0.2 } }] };
    expect(tuningOf(recipe, { ...testCatalogue, methods: [only] })).toMatchObject({
      prepares: true,
      controls: [{ key: 'density' }],
    });
    for (const change of [{ facets: ['optimiser'] }, { needs: { ...ties.needs, gradients: true } }] as const) {
      const tuning = tuningOf(recipe, { ...testCatalogue, methods: [{ ...only, ...change }] });
      expect(tuning.controls).toEqual([]);
      expect(tuning.reason).toContain('training');
    }
  });

  it('is nothing where all numbers are whole ones, and says so', () => {
    const tuning = tuningOf(recipeOf('adamerging'), testCatalogue);
    expect(tuning).toEqual({ controls: [], prepares: false, reason: expect.stringContaining('no continuous number') });
    expect(tuningSpace(recipeOf('adamerging'), tuning)).toEqual({ box: [], start: [] });
  });
});

describe('a tuned recipe', () => {
  it('with the values that it had is the same recipe', () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const tuning = tuningOf(recipe, testCatalogue);
        const { box, start } = tuningSpace(recipe, tuning);
        expect(box).toHaveLength(start.length);
        expect(tunedRecipe(recipe, testCatalogue, tuning, start)).toEqual(recipe);
      }),
    );
  });

  it('gives every number its place', () => {
    const recipe = recipeOf('task-arithmetic', 'lines');
    const tuning = tuningOf(recipe, testCatalogue);
    expect(tuningSpace(recipe, tuning)).toEqual({
      start: [0.3, 0.3, 0.2],
      box: [
        { min: -0.5, max: 1.5 },
        { min: -0.5, max: 1.5 },
        { min: 0, max: 1 },
      ],
    });
    const { chain } = tunedRecipe(recipe, testCatalogue, tuning, [0.1, 0.2, 0.7]);
    expect(chain.map(({ controls }) => controls)).toEqual([{ lambda: [0.1, 0.2] }, { alpha: 0.7 }]);
  });
});
