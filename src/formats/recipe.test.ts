import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../methods/metadata.ts';
import { coefficientsOf, withCoefficients } from './coefficients.ts';
import { canonicalRecipe, mergeId } from './merge-id.ts';
import { anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import {
  type Control,
  clampControl,
  knownMethod,
  openingRecipe,
  type Recipe,
  usesSeed,
  withControl,
  withMethod,
  withoutStep,
} from './recipe.ts';
import { checkRecipe } from './recipe-check.ts';
import { withExperts } from './recipe-experts.ts';

const opening = openingRecipe(testCard, testCatalogue);
const methods = (recipe: Recipe) => recipe.chain.map((step) => step.method);
const controlOf = (method: string, key: string): Control => {
  const control = knownMethod(testCatalogue, method).controls[key];
  if (!control) throw new Error(`${method}.${key}`);
  return control;
};
const idOf = (recipe: Recipe) => mergeId(recipe, testCatalogue, testCard);

describe('a recipe', () => {
  it('opens with task arithmetic at its default over the card’s opening experts', () => {
    expect(opening).toEqual({
      family: 'glyph-vit',
      experts: ['digits', 'greek', 'kana', 'rotation'],
      chain: [{ method: 'task-arithmetic', controls: { lambda: [0.3, 0.3, 0.3, 0.3] } }],
      seed: 1,
    });
    expect(checkRecipe(opening, testCatalogue, testCard)).toBeUndefined();
  });

  it('keeps the coefficients of experts that stay and gives new ones the default, in the card’s order', () => {
    const set = withControl(
      opening,
      testCatalogue,
      { method: 'task-arithmetic', control: 'lambda' },
      [0.1, 0.2, 0.4, 0.5],
    );
    const changed = withExperts(set, ['kana', 'upper', 'digits', 'nobody'], testCatalogue, testCard);
    expect(changed.experts).toEqual(['digits', 'upper', 'kana']);
    expect(changed.chain[0]?.controls.lambda).toEqual([0.1, 0.3, 0.4]);
  });

  it('takes a preset’s steps with the preset’s controls', () => {
    const recipe = withMethod(opening, testCatalogue, 'dare-ties');
    expect(methods(recipe)).toEqual(['dare', 'ties']);
    expect(recipe.chain[1]?.controls).toEqual({ lambda: 1, density: 1, weighting: 'equal', weight: [1, 1, 1, 1] });
  });

  it('puts pre and post steps at their places, and a new merge method drops pre steps only', () => {
    const all = ['lines', 'dare', 'ties'].reduce((recipe, id) => withMethod(recipe, testCatalogue, id), opening);
    expect(methods(all)).toEqual(['ties', 'lines']);
    expect(methods(withMethod(all, testCatalogue, 'dare'))).toEqual(['dare', 'ties', 'lines']);
    expect(methods(withoutStep(all, 'lines'))).toEqual(['ties']);
  });

  it('clamps controls to finite values in range, integers where wanted, and known options', () => {
    const t = controlOf('slerp', 't');
    expect([2, -9, Number.NaN, Number.POSITIVE_INFINITY, '1', -0].map((value) => clampControl(t, value))).toEqual([
      1.5, -0.5, 0.5, 0.5, 0.5, 0,
    ]);
    expect(clampControl(controlOf('adamerging', 'step'), 12.6)).toBe(13);
    expect(clampControl(controlOf('ties', 'weighting'), '__proto__')).toBe('equal');
  });
});

describe('what a recipe lacks is said in words', () => {
  const said = (recipe: Recipe) => checkRecipe(recipe, testCatalogue, testCard);

  it('when a method takes exactly two experts', () => {
    expect(said(withMethod(opening, testCatalogue, 'slerp'))).toBe(
      'SLERP needs exactly 2 experts and 4 are chosen: leave 2 out.',
    );
  });

  it('when there are too few experts or none', () => {
    const ties = withMethod(opening, testCatalogue, 'ties');
    expect(said(withExperts(ties, ['kana'], testCatalogue, testCard))).toBe(
      'TIES needs at least 2 experts and 1 is chosen: add 1.',
    );
    expect(said(withExperts(opening, [], testCatalogue, testCard))).toBe(
      'No expert is chosen: switch at least one on.',
    );
  });

  it('when the chain has no merge, two, an unknown method, a wrong order or a step twice', () => {
    const chain = (...ids: string[]) => said({ ...opening, chain: ids.map((method) => ({ method, controls: {} })) });
    expect(chain('dare')).toContain('does not say how to merge');
    expect(chain('ties', 'slerp')).toContain('has 2 merging methods');
    expect(chain('nope')).toContain('no method “nope”');
    expect(chain('ties', 'dare')).toContain('out of order');
    expect(chain('dare', 'dare', 'ties')).toContain('twice');
  });
});

describe('a merge id', () => {
  it('is twelve hex digits and the same for equal recipes', () => {
    expect(idOf(opening)).toMatch(/^[0-9a-f]{12}$/);
    expect(idOf(structuredClone(opening) as Recipe)).toBe(idOf(opening));
  });

  it('ignores the seed unless a step draws random numbers', () => {
    expect(idOf({ ...opening, seed: 5 })).toBe(idOf(opening));
    const dare = withMethod(opening, testCatalogue, 'dare-ties');
    expect(usesSeed(dare, testCatalogue)).toBe(true);
    expect(idOf({ ...dare, seed: 5 })).not.toBe(idOf(dare));
  });

  it('ignores a control that its `when` hides, and no other', () => {
    const ties = withMethod(opening, testCatalogue, 'ties');
    const weighted = withControl(ties, testCatalogue, { method: 'ties', control: 'weight' }, [1, 2, 1, 1]);
    expect(idOf(weighted)).toBe(idOf(ties));
    const own = { method: 'ties', control: 'weighting' };
    expect(idOf(withControl(weighted, testCatalogue, own, 'own'))).not.toBe(
      idOf(withControl(ties, testCatalogue, own, 'own')),
    );
  });

  it('changes with the revision of a method and with the files of the models', () => {
    const revised: Catalogue = {
      ...testCatalogue,
      methods: testCatalogue.methods.map((method) => ({ ...method, revision: 2 })),
    };
    expect(mergeId(opening, revised, testCard)).not.toBe(idOf(opening));
    const retrained = { ...testCard, base: { ...testCard.base, sha256: 'a'.repeat(64) } };
    expect(mergeId(opening, testCatalogue, retrained)).not.toBe(idOf(opening));
  });

  it('differs whenever the canonical recipe does', () => {
    fc.assert(
      fc.property(anyRecipe, anyRecipe, (a, b) => {
        const same = canonicalRecipe(a, testCatalogue) === canonicalRecipe(b, testCatalogue);
        expect(idOf(a) === idOf(b)).toBe(same);
      }),
    );
  });
});

describe('coefficients that MAP fits', () => {
  const names = (recipe: Recipe) => coefficientsOf(recipe, testCatalogue).map((coefficient) => coefficient.name);

  it('are one per expert where the merge has them', () => {
    expect(coefficientsOf(opening, testCatalogue)[1]).toEqual({
      id: 'greek',
      key: 'lambda',
      name: 'λ greek',
      symbol: 'λ',
      expert: 'greek',
      value: 0.3,
      min: -0.5,
      max: 1.5,
      step: 0.05,
    });
    const own = withControl(
      withMethod(opening, testCatalogue, 'ties'),
      testCatalogue,
      { method: 'ties', control: 'weighting' },
      'own',
    );
    expect(names(own)).toEqual(['w digits', 'w greek', 'w kana', 'w rotation']);
  });

  it('are the method’s own numbers otherwise, and none where only an integer is left', () => {
    expect(names(withMethod(opening, testCatalogue, 'ties'))).toEqual(['λ']);
    expect(names(withMethod(opening, testCatalogue, 'adamerging'))).toEqual([]);
  });

  it('are read back after they are set', () => {
    fc.assert(
      fc.property(
        anyRecipe,
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
        (recipe, draws) => {
          const values = coefficientsOf(recipe, testCatalogue).map((_, i) => draws[i] ?? 0.5);
          const changed = withCoefficients(recipe, testCatalogue, values);
          expect(coefficientsOf(changed, testCatalogue).map(({ value }) => value)).toEqual(values);
        },
      ),
    );
  });
});
