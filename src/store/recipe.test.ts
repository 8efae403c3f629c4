import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { create } from 'zustand';
import { testCard, testCatalogue } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { boardSlice } from './board.ts';
import { comparisonSlice } from './comparison-slice.ts';
import { elsewhereSlice } from './elsewhere/slice.ts';
import { nestedSlice } from './nested.ts';
import { paretoSlice } from './pareto.ts';
import { pinSlice } from './pins.ts';
import { previewSlice } from './preview-slice.ts';
import { recipeSlice } from './recipe.ts';
import { resultSlice } from './result.ts';
import type { StudioState } from './state.ts';
import { zooSlice } from './zoo.ts';

const opening = openingRecipe(testCard, testCatalogue);

function open() {
  const studio = create<StudioState>()((...tools) => ({
    ...zooSlice(...tools),
    ...elsewhereSlice(...tools),
    ...recipeSlice(testCatalogue)(...tools),
    ...resultSlice(...tools),
    ...paretoSlice(...tools),
    ...comparisonSlice(...tools),
    ...previewSlice(...tools),
    ...nestedSlice(...tools),
    ...boardSlice(...tools),
    ...pinSlice(...tools),
  }));
  studio.setState({ card: testCard, recipe: opening, view: defaultView(opening, testCard) });
  return studio;
}

let studio = open();
const now = () => studio.getState();
const lambda = () => now().recipe?.chain[0]?.controls.lambda;

beforeEach(() => {
  studio = open();
});

describe('undo', () => {
  it('takes a whole drag back in one step', () => {
    for (const value of [0.4, 0.5, 0.6]) now().setCoefficient(0, 'lambda', 1, value, true);
    expect(now().dragOrigin).toBe(opening);
    expect(now().past, 'nothing to undo before the pointer is released').toEqual([]);
    now().setCoefficient(0, 'lambda', 1, 0.7, false);
    expect(lambda()).toEqual([0.3, 0.7, 0.3, 0.3]);
    expect(now().past).toEqual([opening]);
    expect(now().dragOrigin).toBeNull();
    now().undo();
    expect(now().recipe).toEqual(opening);
    now().redo();
    expect(lambda()).toEqual([0.3, 0.7, 0.3, 0.3]);
  });

  it('has nothing to take back after a drag that ended where it began', () => {
    now().setCoefficient(0, 'lambda', 0, 0.9, true);
    now().setCoefficient(0, 'lambda', 0, 0.3, false);
    expect(now().past).toEqual([]);
    expect(now().recipe).toEqual(opening);
  });

  it('ends a drag that is going on and takes it back', () => {
    now().setCoefficient(0, 'lambda', 0, 0.9, false);
    now().setCoefficient(0, 'lambda', 0, 1.2, true);
    now().undo();
    expect(now().dragOrigin).toBeNull();
    expect(now().recipe).toEqual(opening);
  });

  it('forgets what was undone once something else is decided', () => {
    now().setSeed(7);
    now().undo();
    now().chooseMethod('ties');
    expect(now().future).toEqual([]);
    now().redo();
    expect(now().recipe?.chain.map(({ method }) => method)).toEqual(['ties']);
  });

  it('takes a division into groups of layers back, and a coefficient of one group', () => {
    now().setLayerGroups(2);
    now().setCoefficient(0, 'lambda', 3, 0.9, false);
    expect(lambda()).toEqual([0.3, 0.3, 0.3, 0.9, 0.3, 0.3, 0.3, 0.3]);
    now().undo();
    now().undo();
    expect(now().recipe).toEqual(opening);
    now().redo();
    expect(now().recipe?.chain[0]?.layerGroups).toBe(2);
    now().setLayerGroups(9);
    expect(now().recipe?.chain[0]?.layerGroups, 'four at most').toBe(4);
  });

  it('leads back through any decisions to the opening recipe, and redo forward again', () => {
    const decision = fc.oneof(
      fc.record({ kind: fc.constant('slide' as const), expert: fc.nat(7), value: fc.double({ min: -9, max: 9 }) }),
      fc.record({
        kind: fc.constant('method' as const),
        id: fc.constantFrom('ties', 'task-arithmetic', 'dare', 'lines'),
      }),
      fc.record({ kind: fc.constant('toggle' as const), id: fc.constantFrom(...testCard.experts.map(({ id }) => id)) }),
      fc.record({ kind: fc.constant('seed' as const), seed: fc.integer() }),
      fc.record({ kind: fc.constant('layers' as const), groups: fc.integer({ min: 1, max: 4 }) }),
    );
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 12 }), (decisions) => {
        studio = open();
        for (const step of decisions) {
          const controls = now().recipe?.chain[0]?.controls ?? {};
          if (step.kind === 'method') now().chooseMethod(step.id);
          else if (step.kind === 'toggle') now().toggleExpert(step.id);
          else if (step.kind === 'seed') now().setSeed(step.seed);
          else if (step.kind === 'layers') now().setLayerGroups(step.groups);
          else if ('lambda' in controls) now().setCoefficient(0, 'lambda', step.expert, step.value, false);
        }
        const { recipe, past } = now();
        for (let i = past.length; i > 0; i--) now().undo();
        expect(now().recipe).toEqual(opening);
        for (let i = past.length; i > 0; i--) now().redo();
        expect(now().recipe).toEqual(recipe);
      }),
    );
  });
});

describe('what is on the screen', () => {
  it('holds values within their range', () => {
    now().setCoefficient(0, 'lambda', 0, 99, false);
    now().setCoefficient(0, 'lambda', 1, Number.NaN, false);
    expect(lambda()).toEqual([3, 0.3, 0.3, 0.3]);
    now().setSeed(-3.4);
    expect(now().recipe?.seed).toBe(0);
  });

  it('keeps the sum of the coefficients while that is locked', () => {
    now().lockSum(true);
    now().setCoefficient(0, 'lambda', 0, 0.6, false);
    expect(lambda()).toEqual([0.6, 0.2, 0.2, 0.2]);
    now().lockSum(false);
    now().setCoefficient(0, 'lambda', 0, 0.3, false);
    expect(lambda()).toEqual([0.3, 0.2, 0.2, 0.2]);
  });

  it('keeps the pair of tasks within the mix when an expert is left out', () => {
    expect(now().view?.pair).toEqual(['kana', 'rotation']);
    now().toggleExpert('rotation');
    expect(now().view?.pair).toEqual(['kana', 'digits']);
    expect(now().recipe?.experts).not.toContain('rotation');
  });

  it('keeps the coefficients of experts that stay', () => {
    now().setCoefficient(0, 'lambda', 3, 0.9, false);
    now().toggleExpert('digits');
    expect(lambda()).toEqual([0.3, 0.3, 0.9]);
    now().toggleExpert('digits');
    expect(lambda()).toEqual([0.3, 0.3, 0.3, 0.9]);
  });
});
