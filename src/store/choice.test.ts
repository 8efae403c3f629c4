import catalogue from 'virtual:catalogue';
import { beforeEach, describe, expect, it } from 'vitest';
import { withCoefficients } from '../formats/coefficients.ts';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { adoptCandidate, selectChoice } from './choice.ts';
import { explorationOf } from './exploration.testing.ts';
import { selectKeeper } from './kept.ts';
import { taskAxis } from './parallel.ts';
import { selectExtrapolated, selectSampled } from './sampled.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';
import { studyOf } from './study.ts';

const recipe = openingRecipe(card, catalogue);
const tasks = recipe.experts;
const [first = '', second = '', third = ''] = tasks;
const view = defaultView(recipe, card);
const study = studyOf(recipe, card, selectSpace({ card, view }));
const initial = useStudio.getInitialState();

function point(coefficients: readonly number[], accuracies: readonly number[]): ParetoPoint {
  const own = withCoefficients(recipe, catalogue, coefficients);
  const scores = Object.fromEntries(
    tasks.map((task, t) => [task, { correct: Math.round(200 * (accuracies[t] ?? 0.5)), n: 200 }]),
  );
  return {
    mergeId: mergeId(own, catalogue, card),
    recipe: own,
    study,
    coefficients,
    calibration: scores,
    test: scores,
    source: 'design',
  };
}

const c = (value: number) => tasks.map((_, i) => (i === 0 ? value : 0.5));
const points = [point(c(0.9), [0.9, 0.5, 0.4]), point(c(0.5), [0.8, 0.8, 0.6]), point(c(0.1), [0.5, 0.9, 0.9])];
const state = () => useStudio.getState();
const ids = () => selectChoice(state()).front.map(({ id }) => points.findIndex(({ mergeId: own }) => own === id));

beforeEach(() => {
  useStudio.setState({
    ...initial,
    card,
    recipe,
    points,
    view: { ...view, pair: [first, second] },
  });
});

describe('the choice', () => {
  it('is among the front of the pair, and stays the same object while a slider moves', () => {
    expect(ids()).toEqual([0, 1, 2]);
    const before = selectChoice(state());
    expect(before).toMatchObject({ kept: 3, total: 3, n: 200 });
    useStudio.setState({ recipe: withCoefficients(recipe, catalogue, c(0.7)) });
    expect(selectChoice(state())).toBe(before);
  });

  it('heeds floors and brushes of every axis, shown or not', () => {
    state().setFloor(second, 0.7);
    expect(selectKeeper(state())?.floorsOnly).toBe(true);
    expect(ids()).toEqual([1, 2]);
    state().setFloor(third, 0.8);
    expect(selectKeeper(state())?.floorsOnly).toBe(false);
    expect(ids()).toEqual([2]);
    state().clearLimits();
    state().setBrush(`λ ${first}`, [0.4, 1]);
    expect(ids()).toEqual([0, 1]);
    expect(selectChoice(state())).toMatchObject({ kept: 2, total: 3 });
  });

  it('finds merges that are best only among what the brushes keep', () => {
    const beaten = point(c(0.6), [0.7, 0.7, 0.5]);
    useStudio.setState({ points: [...points, beaten] });
    state().setBrush(`λ ${first}`, [0.55, 0.7]);
    expect(selectChoice(state()).front.map(({ id }) => id)).toEqual([beaten.mergeId]);
  });

  it('sets the sliders to a measured merge', () => {
    const [pick] = selectChoice(state()).picks;
    if (pick) adoptCandidate(state(), pick.candidate);
    expect(state().recipe).toEqual(points[1]?.recipe);
  });
});

describe('a predicted merge', () => {
  const observed = Array.from({ length: 40 }, (_, i) => {
    const coefficients = tasks.map((_, t) => (i * (t + 3) * 0.137) % 1);
    return point(
      coefficients,
      coefficients.map((value) => 0.3 + 0.6 * value),
    );
  });
  const exploration = explorationOf(observed, [{ coefficients: c(0.2), values: { [first]: 0.6, [second]: 0.8 } }]);

  it('is judged by its estimates, of goals that are not drawn too', () => {
    useStudio.setState({ points: observed, exploration });
    state().prefer({ among: 'predicted' });
    expect(selectChoice(state())).toMatchObject({ among: 'predicted', kept: 1, n: 0 });
    // The third task is estimated at .3 + .6·.5.
    state().setFloor(third, 0.55);
    expect(selectChoice(state()).kept).toBe(1);
    state().setFloor(third, 0.65);
    expect(selectChoice(state()).kept).toBe(0);
    state().clearLimits();
    state().setBrush(taskAxis(first), [0, 0.59]);
    expect(selectChoice(state()).kept).toBe(0);
  });

  it('that the sliders reach beyond the sampled box is extrapolated', () => {
    expect(selectSampled(state())).toEqual({});
    useStudio.setState({ points: observed, exploration });
    const [low = 0, high = 0] = selectSampled(state())[`λ ${first}`] ?? [];
    expect([low, high]).toEqual(
      [Math.min, Math.max].map((f) => f(...observed.map((each) => each.coefficients[0] ?? 0))),
    );
    useStudio.setState({ recipe: withCoefficients(recipe, catalogue, c(0.5)) });
    expect(selectExtrapolated(state())).toBe(false);
    useStudio.setState({ recipe: withCoefficients(recipe, catalogue, c(1.2)) });
    expect(selectExtrapolated(state())).toBe(true);
  });
});
