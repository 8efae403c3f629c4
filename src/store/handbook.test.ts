import catalogue from 'virtual:catalogue';
import { beforeEach, expect, it, vi } from 'vitest';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { eventually } from './eventually.testing.ts';

const recipe = openingRecipe(card, catalogue);
const measurement = { mergeId: '', recipe, test: {}, info: null } as const;

// Each test gets a shelf of its own.
let handbook: typeof import('./handbook.ts');
let useStudio: typeof import('./studio.ts').useStudio;

beforeEach(async () => {
  vi.resetModules();
  handbook = await import('./handbook.ts');
  ({ useStudio } = await import('./studio.ts'));
  handbook.startHandbook();
});

it('comes after the first numbers that were measured here, not after those of the zoo', async () => {
  useStudio.setState({ card, recipe, measurement: { ...measurement, source: 'zoo' } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(handbook.useShelf.getState().phase).toBe('waiting');
  useStudio.setState({ measurement: { ...measurement, source: 'here' } });
  await eventually(() => expect(handbook.useShelf.getState().phase).toBe('open'));
});

it('comes when there will be no numbers', async () => {
  useStudio.setState({ card, recipe, run: { phase: 'refused', reason: 'Too few.' } });
  await eventually(() => expect(handbook.useShelf.getState().phase).toBe('open'));
});

it('comes at once when it is asked for, with a page and formulas for every method', async () => {
  await handbook.openHandbook();
  const shelf = handbook.useShelf.getState();
  if (shelf.phase !== 'open') throw new Error(`the handbook is ${shelf.phase}`);
  const { methods, presets, formulas } = shelf.handbook;
  for (const { id, controls } of catalogue.methods) {
    expect(Object.keys(methods[id]?.controls ?? {}), id).toEqual(Object.keys(controls));
    expect(formulas[id]?.join(), id).toContain('<math');
  }
  for (const { id } of catalogue.presets) expect(presets[id]?.summary, id).toBeTruthy();
});
