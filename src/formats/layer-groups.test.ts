import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coefficientsOf, furtherControls, needsPreparing, type Space, withCoefficients } from './coefficients.ts';
import { groupName, groupOfBlock, mostGroups, resampled } from './layer-groups.ts';
import { canonicalRecipe, mergeId } from './merge-id.ts';
import { originKey, preparationKey } from './preparation.ts';
import { anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import {
  groupsOf,
  mergeStep,
  openingRecipe,
  type Recipe,
  storedGroups,
  withControl,
  withLayerGroups,
  withMethod,
} from './recipe.ts';
import { checkRecipe } from './recipe-check.ts';
import { withExperts } from './recipe-experts.ts';

const space = (...vary: readonly string[]): Space => ({ vary, blocks: 3 });
const opening = openingRecipe(testCard, testCatalogue);
const two = withExperts(opening, ['digits', 'kana'], testCatalogue, testCard);
const lambda = (recipe: Recipe) => recipe.chain[0]?.controls.lambda;
const grouped = (groups: number, values: readonly number[]) =>
  withCoefficients(withLayerGroups(two, testCatalogue, groups), testCatalogue, values);

describe('blocks in groups', () => {
  it('are contiguous, as even as whole blocks can be, and never leave a group but the first without one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 4 }), (blocks, wanted) => {
        const groups = Math.min(wanted, mostGroups(blocks));
        const all = Array.from({ length: blocks }, (_, block) => groupOfBlock(block, blocks, groups));
        expect(all).toEqual([...all].sort((a, b) => a - b));
        const sizes = Array.from({ length: groups }, (_, group) => all.filter((own) => own === group).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(sizes.slice(1).every((size) => size > 0)).toBe(true);
      }),
    );
  });

  it('are named by their blocks', () => {
    const names = (groups: number, blocks: number) =>
      Array.from({ length: groups }, (_, group) => groupName(group, groups, blocks));
    expect(names(2, 3)).toEqual(['block 1', 'blocks 2–3']);
    expect(names(4, 3)).toEqual(['embeddings', 'block 1', 'block 2', 'block 3']);
    expect(names(3, 12)).toEqual(['blocks 1–4', 'blocks 5–8', 'blocks 9–12']);
  });
});

describe('values that change their number of groups', () => {
  it('stay what they were where every group is cut into equal parts, and come back', () => {
    const value = fc.double({ min: -1, max: 2, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(resampled([a], 4)).toEqual([a, a, a, a]);
        expect(resampled([a, b], 4)).toEqual([a, a, b, b]);
        expect(resampled(resampled([a, b], 4), 2)).toEqual([a, b]);
      }),
    );
  });

  it('become the mean over the depth that they join', () => {
    expect(resampled([0, 1], 1)).toEqual([0.5]);
    expect(resampled([0, 1], 3)).toEqual([0, 0.5, 1]);
    expect(resampled([0, 0.3, 0.9], 2)).toEqual([0.1, 0.7]);
  });
});

describe('a recipe with groups of layers', () => {
  it('holds the groups of the first expert, then those of the second', () => {
    const recipe = grouped(2, [0.1, 0.2, 0.3, 0.4]);
    expect(recipe.chain).toEqual([
      { method: 'task-arithmetic', layerGroups: 2, controls: { lambda: [0.1, 0.2, 0.3, 0.4] } },
    ]);
    expect(coefficientsOf(recipe, testCatalogue, space()).map(({ id, name, layers }) => [id, name, layers])).toEqual([
      ['digits@1', 'λ digits · block 1', 'block 1'],
      ['digits@2', 'λ digits · blocks 2–3', 'blocks 2–3'],
      ['kana@1', 'λ kana · block 1', 'block 1'],
      ['kana@2', 'λ kana · blocks 2–3', 'blocks 2–3'],
    ]);
  });

  it('is another recipe than one without, even with equal values, until they are joined again', () => {
    const recipe = withLayerGroups(two, testCatalogue, 3);
    const id = (of: Recipe) => mergeId(of, testCatalogue, testCard);
    expect(id(recipe)).not.toBe(id(two));
    expect(withLayerGroups(recipe, testCatalogue, 1)).toEqual(two);
    expect(preparationKey(recipe, testCatalogue), 'nothing is prepared anew').toBe(preparationKey(two, testCatalogue));
  });

  it('keeps the values of experts that stay, in all groups', () => {
    const recipe = grouped(2, [0.1, 0.2, 0.3, 0.4]);
    const more = withExperts(recipe, ['kana', 'upper', 'digits'], testCatalogue, testCard);
    expect(lambda(more)).toEqual([0.1, 0.2, 0.3, 0.3, 0.3, 0.4]);
    expect(lambda(withExperts(more, ['kana'], testCatalogue, testCard))).toEqual([0.3, 0.4]);
  });

  it('keeps its groups with a method that has coefficients for them, and loses them with one that has none', () => {
    const recipe = withLayerGroups(two, testCatalogue, 2);
    const again = withMethod(recipe, testCatalogue, 'task-arithmetic');
    expect(storedGroups(mergeStep(again, testCatalogue))).toBe(2);
    const ties = withMethod(recipe, testCatalogue, 'ties');
    expect(ties.chain[0]).not.toHaveProperty('layerGroups');
    expect(withLayerGroups(ties, testCatalogue, 4), 'weights before the election cannot be divided').toEqual(ties);
  });

  it('clamps every value of every group and fills in what is missing', () => {
    const at = { method: 'task-arithmetic', control: 'lambda' };
    const recipe = withControl(withLayerGroups(two, testCatalogue, 2), testCatalogue, at, [9, -9, Number.NaN]);
    expect(lambda(recipe)).toEqual([3, -2, 0.3, 0.3]);
    expect(lambda(withControl(recipe, testCatalogue, at, 0.7))).toEqual([0.7, 0.7, 0.7, 0.7]);
  });

  it('is refused in words where the network has fewer layers', () => {
    const small = { ...testCard, model: { ...testCard.model, blocks: 1 } };
    const recipe = withLayerGroups(two, testCatalogue, 4);
    expect(checkRecipe(recipe, testCatalogue, testCard)).toBeUndefined();
    expect(checkRecipe(recipe, testCatalogue, small)).toBe(
      '4 groups of layers are too many for Glyph ViT, which has 1 blocks: choose at most 2.',
    );
  });

  it('has one value per expert and group wherever its groups count', () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const groups = groupsOf(mergeStep(recipe, testCatalogue), testCatalogue);
        const coefficients = coefficientsOf(recipe, testCatalogue, space());
        if (groups > 1) expect(coefficients).toHaveLength(recipe.experts.length * groups);
        expect(new Set(coefficients.map(({ id }) => id)).size).toBe(coefficients.length);
        expect(new Set(coefficients.map(({ name }) => name)).size).toBe(coefficients.length);
      }),
    );
  });
});

describe('further controls', () => {
  const dareTies = withMethod(two, testCatalogue, 'dare-ties');

  it('are numbers of whole methods, of any step, that are no coefficients already', () => {
    expect(furtherControls(opening, testCatalogue)).toEqual([]);
    expect(furtherControls(dareTies, testCatalogue).map(({ id, short }) => [id, short])).toEqual([
      ['dare.density', 'dare.density'],
      ['ties.density', 'ties.density'],
    ]);
    const withLines = withMethod(withMethod(two, testCatalogue, 'ties'), testCatalogue, 'lines');
    expect(furtherControls(withLines, testCatalogue).map(({ short }) => short)).toEqual(['density', 'alpha']);
  });

  it('come after the coefficients, each in its own range, and are set with them', () => {
    const vary = space('ties.density');
    const ties = withMethod(two, testCatalogue, 'ties');
    expect(coefficientsOf(ties, testCatalogue, vary)).toMatchObject([
      { id: 'lambda', name: 'λ', min: 0, max: 2 },
      { id: 'density', name: 'k', value: 0.2, min: 0.01, max: 1 },
    ]);
    const set = withCoefficients(ties, testCatalogue, [0.5, 0.75], vary);
    expect(set.chain[0]?.controls).toMatchObject({ lambda: 0.5, density: 0.75 });
    expect(canonicalRecipe(withCoefficients(ties, testCatalogue, [0.5]), testCatalogue)).not.toBe(
      canonicalRecipe(set, testCatalogue),
    );
  });

  it('tell when every merge needs a preparation of its own', () => {
    expect(needsPreparing(two, testCatalogue, space())).toBe(false);
    expect(needsPreparing(dareTies, testCatalogue, space())).toBe(false);
    expect(needsPreparing(dareTies, testCatalogue, space('dare.density'))).toBe(true);
    const other = withCoefficients(dareTies, testCatalogue, [1, 0.9], space('dare.density'));
    expect(originKey(other, testCatalogue)).not.toBe(originKey(dareTies, testCatalogue));
  });

  it('are read back after they are set, whatever is varied', () => {
    const draws = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 });
    const page = anyRecipe.chain((recipe) =>
      fc
        .subarray(furtherControls(recipe, testCatalogue).map(({ id }) => id))
        .map((vary) => ({ recipe, own: { vary, blocks: 3 } })),
    );
    fc.assert(
      fc.property(page, draws, ({ recipe, own }, values) => {
        const wanted = coefficientsOf(recipe, testCatalogue, own).map((_, i) => values[i] ?? 0.5);
        const changed = withCoefficients(recipe, testCatalogue, wanted, own);
        expect(coefficientsOf(changed, testCatalogue, own).map(({ value }) => value)).toEqual(wanted);
      }),
    );
  });
});
