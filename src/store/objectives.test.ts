import catalogue from 'virtual:catalogue';
import { describe, expect, it } from 'vitest';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { measuredGoal, metricsOf, selectAllGoals, selectGoals, selectPairGoals } from './objectives.ts';

const recipe = openingRecipe(card, catalogue);
const view = defaultView(recipe, card);
const elsewhere = null;
const [first = '', second = ''] = recipe.experts;

describe('the goals on the screen', () => {
  it('are the tasks of the pair, or of the whole mix, or those that were chosen', () => {
    expect(selectGoals({ card, recipe, view, elsewhere }).map(({ id }) => id)).toEqual(view.pair);
    const all = { card, recipe, elsewhere, view: { ...view, goals: 'all' as const } };
    expect(selectGoals(all).map(({ id }) => id)).toEqual(recipe.experts);
    const some = { card, recipe, elsewhere, view: { ...all.view, objectives: [first, 'average', 'change'] } };
    expect(selectGoals(some).map(({ objective }) => [objective.id, objective.sense])).toEqual([
      [first, 'maximise'],
      [`average:${recipe.experts.join('+')}`, 'maximise'],
      ['change', 'minimise'],
    ]);
    expect(selectAllGoals({ ...some, view: { ...some.view, objectives: [first] } })).toHaveLength(
      recipe.experts.length,
    );
  });

  it('are the same array while a slider moves', () => {
    const moved = { ...recipe, chain: recipe.chain.map((step) => ({ ...step, controls: { ...step.controls } })) };
    expect(selectPairGoals({ card, recipe: moved, view, elsewhere })).toBe(
      selectPairGoals({ card, recipe, view, elsewhere }),
    );
  });

  it('are losses where those are wanted, of which less is better', () => {
    const losses = { ...view, map: { ...view.map, metric: 'loss' as const } };
    const goals = selectPairGoals({ card, recipe, view: losses, elsewhere });
    expect(goals.map(({ objective, unit }) => [objective.sense, unit])).toEqual([
      ['minimise', 'nats'],
      ['minimise', 'nats'],
    ]);
    const [goal] = goals;
    const scores = { [losses.pair[0]]: { correct: 3, n: 4, loss: 2 } };
    expect(goal && measuredGoal(goal, scores)).toBe(0.5);
    expect(goal && measuredGoal(goal, { [losses.pair[0]]: { correct: 3, n: 4 } })).toBeUndefined();
    expect(Object.keys(metricsOf(recipe, losses, elsewhere))).toEqual(
      expect.arrayContaining([first, second, `loss:${first}`, `loss:${second}`]),
    );
  });

  it('ask for the model that fits them, unless another is chosen', () => {
    const links = (map: Partial<typeof view.map>) => {
      const metrics = metricsOf(recipe, { ...view, pair: [first, 'change'], map: { ...view.map, ...map } }, elsewhere);
      return [metrics[first]?.link, metrics[`loss:${first}`]?.link, metrics.change?.link];
    };
    expect(links({})).toEqual(['sigmoid', undefined, 'root']);
    expect(links({ scale: 'plain' })).toEqual(['identity', undefined, 'root']);
    expect(links({ metric: 'loss' })).toEqual(['sigmoid', 'identity', 'root']);
    expect(links({ metric: 'loss', scale: 'bounded' })).toEqual(['sigmoid', 'softplus', 'root']);
  });
});
