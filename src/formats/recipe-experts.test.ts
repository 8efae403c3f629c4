import { expect, test } from 'vitest';
import type { Catalogue } from '../methods/metadata.ts';
import { buildLink, parseLink } from './link.ts';
import { testCard, testCatalogue } from './recipe.testing.ts';
import { openingRecipe, withControl, withMethod, withStepMoved } from './recipe.ts';
import { withExpertAt, withExperts } from './recipe-experts.ts';
import { defaultView } from './view.ts';

/** The test catalogue with a merge that depends on the order, and with a second pre step. */
const catalogue: Catalogue = {
  ...testCatalogue,
  methods: testCatalogue.methods.flatMap((method) => {
    if (method.id === 'task-arithmetic') {
      return [method, { ...method, id: 'one-by-one', needs: { ...method.needs, order: true as const } }];
    }
    return method.id === 'dare' ? [method, { ...method, id: 'drop-more' }] : [method];
  }),
};

const opening = openingRecipe(testCard, catalogue);
const ordered = withMethod(opening, catalogue, 'one-by-one');
const at = { method: 'one-by-one', control: 'lambda' };
const [first = '', second = '', third = '', fourth = ''] = opening.experts;

test('an expert takes another place, and its coefficient goes along', () => {
  const recipe = withExpertAt(withControl(ordered, catalogue, at, [0.1, 0.2, 0.3, 0.4]), third, 0, catalogue, testCard);
  expect(recipe.experts).toEqual([third, first, second, fourth]);
  expect(recipe.chain[0]?.controls.lambda).toEqual([0.3, 0.1, 0.2, 0.4]);
});

test('a place beyond the last is the last', () => {
  expect(withExpertAt(ordered, first, 99, catalogue, testCard).experts).toEqual([second, third, fourth, first]);
});

test('where the order does not count it stays the card’s', () => {
  expect(withExpertAt(opening, third, 0, catalogue, testCard).experts).toEqual(opening.experts);
  const moved = withExpertAt(ordered, third, 0, catalogue, testCard);
  const back = withMethod(moved, catalogue, 'task-arithmetic');
  expect(withExperts(back, back.experts, catalogue, testCard).experts).toEqual(opening.experts);
});

test('a link keeps the order, and coefficients beyond the usual range', () => {
  const wide = withControl(ordered, catalogue, at, [2.5, -1.5, 0.3, 0.4]);
  const recipe = withExpertAt(wide, fourth, 1, catalogue, testCard);
  const link = buildLink(recipe, defaultView(recipe, testCard), catalogue, testCard);
  expect(link).toContain('w=1');
  expect(parseLink(link, catalogue, testCard)).toMatchObject({ kind: 'ok', recipe, notes: [] });
});

test('steps change places with their own kind only', () => {
  const one = withMethod(withMethod(opening, catalogue, 'dare'), catalogue, 'drop-more');
  expect(one.chain.map((step) => step.method)).toEqual(['dare', 'drop-more', 'task-arithmetic']);
  const two = withStepMoved(one, catalogue, 'drop-more', -1);
  expect(two.chain.map((step) => step.method)).toEqual(['drop-more', 'dare', 'task-arithmetic']);
  expect(withStepMoved(two, catalogue, 'dare', 1)).toBe(two);
});
