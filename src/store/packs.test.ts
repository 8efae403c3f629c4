import catalogue from 'virtual:catalogue';
import { afterEach, describe, expect, it } from 'vitest';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe, withMethod } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { selectIsPack } from './is-pack.ts';
import { nestedObstacle } from './nested.ts';
import { selectSizes } from './pack-sizes.ts';
import { watchPacks } from './packs.ts';
import type { Measurement } from './state.ts';
import { useStudio } from './studio.ts';

const opening = openingRecipe(card, catalogue);
const size = { baseBits: 3200, sharedBits: 3200, perExpertBits: 100, experts: opening.experts.length };

const recipeOf = (method: string): Recipe => withMethod(opening, catalogue, method);

const measured = (recipe: Recipe, correct: number, footprint: typeof size | null = size): Measurement => ({
  mergeId: mergeId(recipe, catalogue, card),
  recipe,
  test: Object.fromEntries(recipe.experts.map((task) => [task, { correct, n: 64 }])),
  info: { readout: null, prepareMs: 0, combineMs: 0, change: 1, footprint },
  source: 'here',
});

const put = (measurement: Measurement) => useStudio.setState({ recipe: measurement.recipe, measurement });
const shown = () => selectSizes(useStudio.getState()).map(({ kind, name, accuracy }) => [kind, name, accuracy]);

watchPacks();
afterEach(() => useStudio.setState({ ...useStudio.getInitialState() }));

const start = () => useStudio.setState({ card, recipe: opening, view: defaultView(opening, card) });
const experts = expect.objectContaining({ 0: 'experts' });

describe('packs', () => {
  it('keeps every method that was measured, the one on the screen apart', () => {
    start();
    put(measured(recipeOf('emr'), 48));
    put(measured(recipeOf('tall-masks'), 32));
    expect(shown()).toEqual([experts, ['pack', 'EMR-Merging', 0.75], ['current', 'TALL-masks', 0.5]]);
    put(measured(opening, 60, null));
    expect(shown()).toEqual([experts, ['pack', 'EMR-Merging', 0.75], ['pack', 'TALL-masks', 0.5]]);
  });

  it('keeps the newest of a method, and one for each of its sizes', () => {
    start();
    put(measured(recipeOf('tall-masks'), 48));
    put(measured({ ...recipeOf('tall-masks'), seed: 2 }, 32));
    put(measured({ ...recipeOf('tall-masks'), seed: 3 }, 16, { ...size, perExpertBits: 800 }));
    expect(shown()).toEqual([experts, ['pack', 'TALL-masks', 0.5], ['current', 'TALL-masks', 0.25]]);
  });

  it('are not compared with packs of other experts', () => {
    start();
    put(measured(recipeOf('emr'), 48));
    useStudio.setState({ recipe: { ...recipeOf('emr'), experts: opening.experts.slice(1) } });
    expect(shown()).toEqual([experts]);
  });

  it('count the base, what is shared and what each expert adds', () => {
    start();
    put(measured(recipeOf('emr'), 48));
    const current = selectSizes(useStudio.getState()).at(-1);
    expect(current?.size).toBeCloseTo((3200 + 3200 + 100 * opening.experts.length) / 3200);
    expect(current?.n).toBe(64);
    expect(current?.low).toBeLessThan(0.75);
    expect(current?.high).toBeGreaterThan(0.75);
  });

  it('are told from single networks, and refused by nested MAP', () => {
    const space = { vary: [], blocks: card.model.blocks };
    expect(selectIsPack({ recipe: recipeOf('tall-masks') })).toBe(true);
    expect(selectIsPack({ recipe: recipeOf('consensus') })).toBe(false);
    expect(nestedObstacle(recipeOf('tall-masks'), space)).toBe('pack');
    expect(nestedObstacle(opening, space)).toBeUndefined();
  });
});
