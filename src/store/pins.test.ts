import catalogue from 'virtual:catalogue';
import { beforeEach, describe, expect, it } from 'vitest';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe, withMethod } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { NO_PINS, pinOf, selectReference } from './pins.ts';
import type { Measurement } from './state.ts';
import { useStudio } from './studio.ts';

const recipe = openingRecipe(card, catalogue);
const another = catalogue.methods.find(({ id, kind }) => kind === 'merge' && id !== recipe.chain[0]?.method)?.id ?? '';
const other = withMethod(recipe, catalogue, another);
const measured = (of: Recipe): Measurement => ({
  mergeId: mergeId(of, catalogue, card),
  recipe: of,
  test: { digits: { correct: 3, n: 4 } },
  info: null,
  source: 'here',
});
const pinned = ({ mergeId: id, recipe: own, test }: Measurement) => ({ mergeId: id, recipe: own, test });
const now = () => useStudio.getState();

beforeEach(() =>
  useStudio.setState({
    ...useStudio.getInitialState(),
    card,
    recipe,
    view: defaultView(recipe, card),
    measurement: measured(recipe),
  }),
);

describe('pins', () => {
  it('hold what is on the screen as A, and let go of it again', () => {
    now().pinCurrent();
    expect(now().pins).toEqual({ a: pinned(measured(recipe)), b: null });
    now().pinCurrent();
    expect(now().pins).toEqual(NO_PINS);
  });

  it('never hold the numbers of another merge', () => {
    useStudio.setState({ recipe: other });
    now().pinCurrent();
    expect(now().pins.a).toBeNull();
  });

  it('change places with the screen, which undo brings back, or with B', () => {
    now().pinCurrent();
    useStudio.setState({ recipe: other, measurement: measured(other) });
    now().swapPins();
    expect(now().recipe).toEqual(recipe);
    expect(now().pins.a?.recipe).toEqual(other);
    now().undo();
    expect(now().recipe).toEqual(other);
    now().pin('b', measured(recipe));
    now().swapPins();
    expect([now().pins.a?.recipe, now().pins.b?.recipe]).toEqual([recipe, other]);
    expect(now().recipe).toEqual(other);
  });

  it('compare the screen with A, and with B while A itself is on the screen', () => {
    expect(selectReference(now())).toBeNull();
    now().pin('a', measured(other));
    expect(selectReference(now())?.name).toBe('a');
    expect(selectReference(now())).toBe(selectReference(now()));
    now().pin('a', measured(recipe));
    expect(selectReference(now()), 'nothing to compare with itself').toBeNull();
    now().pin('b', measured(other));
    expect(selectReference(now())).toMatchObject({ name: 'b', pin: { recipe: other } });
  });

  it('are points whose answers were counted', () => {
    const counts = Object.fromEntries(recipe.experts.map((task) => [task, { correct: 3, n: 4 }]));
    const point = { ...measured(recipe), study: '', coefficients: [], calibration: {}, source: 'design' } as const;
    expect(pinOf({ ...point, test: { ...counts, 'digits loss': { value: 1 } } })?.test).toEqual(counts);
    expect(pinOf({ ...point, test: { ...counts, digits: { value: 0.5 } } })).toBeUndefined();
  });

  it('have no B without an A', () => {
    now().pin('b', measured(other));
    expect(now().pins.a?.recipe).toEqual(other);
    now().pin('b', measured(recipe));
    now().pin('a', null);
    expect(now().pins).toEqual({ a: pinned(measured(recipe)), b: null });
  });
});
