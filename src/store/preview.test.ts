import catalogue from 'virtual:catalogue';
import { beforeEach, describe, expect, it } from 'vitest';
import { wilson } from '../core/stats/wilson.ts';
import type { Scores } from '../formats/card.ts';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { averageRecipe, openingRecipe, withMethod } from '../formats/recipe.ts';
import { previewMethod, selectMeasuredMethod, selectPreviewFailed } from './preview.ts';
import type { ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';

const recipe = openingRecipe(card, catalogue);
const initial = useStudio.getInitialState();
const now = () => useStudio.getState();
const idOf = (method: string) => mergeId(withMethod(recipe, catalogue, method), catalogue, card);
const scores = (n: number, ...correct: readonly number[]): Scores =>
  Object.fromEntries(recipe.experts.map((task, i) => [task, { correct: correct[i] ?? 0, n }]));
const half = (n: number) => scores(n, n / 2, n / 2, n / 2, n / 2);
const measured = (method: string) => selectMeasuredMethod(now(), method);
const point = (method: string, source: ParetoPoint['source']): ParetoPoint => ({
  mergeId: idOf(method),
  recipe: withMethod(recipe, catalogue, method),
  study: '',
  coefficients: [],
  calibration: {},
  test: half(256),
  source,
});

beforeEach(() => useStudio.setState({ ...initial, card, recipe }, true));

describe('what is known of a method before it is chosen', () => {
  it('is what was measured of it with its defaults on this mix, on the most images', () => {
    expect(measured('ties')).toBeUndefined();
    useStudio.setState({ previews: { [idOf('ties')]: half(64) } });
    expect(measured('ties')).toMatchObject({ mean: 0.5, n: 64 });
    useStudio.setState({ points: [point('ties', 'slider')] });
    expect(measured('ties')).toMatchObject({ mean: 0.5, n: 256 });
    expect(measured('iso-c')).toBeUndefined();
    useStudio.setState({ recipe: { ...recipe, experts: recipe.experts.slice(1) } });
    expect(measured('ties'), 'of another mix').toBeUndefined();
  });

  it('is the merge on the screen and the average, which are measured anyway', () => {
    const averages = { [recipe.experts.join()]: half(512) };
    const own = { mergeId: mergeId(recipe, catalogue, card), recipe, test: half(256), info: null };
    useStudio.setState({ averages, measurement: { ...own, source: 'here' } });
    expect(measured(averageRecipe(recipe, catalogue).chain[0]?.method ?? '')?.n).toBe(512);
    expect(measured(recipe.chain[0]?.method ?? '')?.n).toBe(256);
    useStudio.setState({ measurement: { ...own, source: 'zoo' } });
    expect(measured(recipe.chain[0]?.method ?? ''), 'another machine measured it').toBeUndefined();
  });

  it.each(['zoo', 'file'] as const)('is nothing that came with a %s', (source) => {
    useStudio.setState({ points: [point('ties', source)] });
    expect(measured('ties')).toBeUndefined();
  });

  it('is nothing while a task is missing', () => {
    const { [recipe.experts[0] ?? '']: _first, ...rest } = half(64);
    useStudio.setState({ previews: { [idOf('ties')]: rest } });
    expect(measured('ties')).toBeUndefined();
  });

  it('has the interval of a mean: narrower than that of one task, and inside 0…1', () => {
    useStudio.setState({ previews: { [idOf('ties')]: half(64), [idOf('iso-c')]: scores(64, 64, 64, 64, 64) } });
    const { low, high } = wilson(32, 64);
    const interval = measured('ties')?.interval;
    // Four tasks with the same interval: half as wide.
    expect(interval?.low).toBeCloseTo(0.5 - (0.5 - low) / 2, 12);
    expect(interval?.high).toBeCloseTo(0.5 + (high - 0.5) / 2, 12);
    expect(measured('iso-c')?.interval.high).toBe(1);
  });

  it('is the same object for the same scores, as selectors must', () => {
    useStudio.setState({ previews: { [idOf('ties')]: half(64) } });
    const before = measured('ties');
    useStudio.setState({ msPerSample: 1 });
    expect(measured('ties')).toBe(before);
  });

  it('may be that it cannot be merged', () => {
    expect(selectPreviewFailed(now(), 'ties')).toBe(false);
    useStudio.setState({ previews: { [idOf('ties')]: null } });
    expect(selectPreviewFailed(now(), 'ties')).toBe(true);
    expect(measured('ties')).toBeUndefined();
  });
});

describe('asking for a preview', () => {
  it('asks for what choosing the method would give', () => {
    previewMethod('ties');
    expect(now().preview).toEqual({ id: 'ties', recipe: withMethod(recipe, catalogue, 'ties'), mergeId: idOf('ties') });
    previewMethod('dare');
    expect(now().preview?.recipe.chain.map(({ method }) => method)).toEqual(['dare', recipe.chain[0]?.method]);
    previewMethod(undefined);
    expect(now().preview).toBeNull();
  });

  it('asks for nothing that is measured, or that would first have to be trained', () => {
    useStudio.setState({ previews: { [idOf('ties')]: half(64) } });
    previewMethod('iso-c');
    previewMethod('ties');
    expect(now().preview).toBeNull();
    const trained = catalogue.methods.filter(({ needs }) => needs.gradients);
    expect(trained.length).toBeGreaterThan(0);
    for (const { id } of trained) {
      previewMethod(id);
      expect(now().preview, id).toBeNull();
    }
  });
});
