import { expect, it } from 'vitest';
import { COEFFICIENTS_ONLY } from '../../formats/coefficients.ts';
import { readPointsCsv } from '../../formats/points-csv.ts';
import { outcomeValue } from '../../pareto/point.ts';
import { inFull } from '../metrics.ts';
import { namedCoefficients, recipeAt } from '../point-recipe.ts';
import { studyOf } from '../study.ts';
import { type Family, familyOf } from './family.ts';
import { elsewhereRows } from './rows.ts';

const header = 'coefficient.code,coefficient.2,coefficient.fixed,task.arc,task.error_rate,task.val_loss,n.arc';
const rows = ['0,0.5,1,0.5,0.4,2.5,100', '1,1.5,1,0.7,0.2,2.25,100', '0.5,1,1,0.6,0.3,,100'];
const csv = [header, ...rows].join('\n');

function family(text = csv, smaller: readonly string[] = ['error_rate', 'val_loss']): Family {
  const made = familyOf({
    name: 'mine.csv',
    table: readPointsCsv(text),
    smaller,
    unbounded: ['val_loss'],
    remarks: ['a remark'],
  });
  if ('refusal' in made) throw new Error(made.refusal);
  return made;
}
const refusal = (text: string) => {
  const made = familyOf({ name: 'mine.csv', table: readPointsCsv(text), smaller: [], unbounded: [], remarks: [] });
  return 'refusal' in made ? made.refusal : undefined;
};

it('gives every varied coefficient a slider over its sampled range, and every task a row of the card', () => {
  const { recipe, card } = family();
  const sliders = namedCoefficients(recipe, COEFFICIENTS_ONLY).map(({ key, min, max }) => [key, min, max]);
  expect(sliders.toSorted()).toEqual([
    ['2', 0.5, 1.5],
    ['code', 0, 1],
  ]);
  expect(recipe.experts).toEqual(['arc', 'error_rate', 'val_loss']);
  expect(card.tasks.map(({ id }) => id)).toEqual(recipe.experts);
});

it('opens at a measured merge', () => {
  const { recipe, points } = family();
  const values = namedCoefficients(recipe, COEFFICIENTS_ONLY).map(({ value }) => value);
  expect(points.map(({ coefficients }) => coefficients)).toContainEqual(values);
});

it('keeps points of one study whose coefficients are in the order of the sliders', () => {
  const { recipe, card, points } = family();
  const names = namedCoefficients(recipe, COEFFICIENTS_ONLY).map(({ key }) => key);
  expect(points[0]?.coefficients[names.indexOf('code')]).toBe(0);
  expect(points[0]?.coefficients[names.indexOf('2')]).toBe(0.5);
  for (const point of points) {
    expect(point.study).toBe(studyOf(recipe, card, COEFFICIENTS_ONLY));
    expect(recipeAt(recipe, point.coefficients, COEFFICIENTS_ONLY)).toEqual(point.recipe);
  }
});

it('keeps values as they are, and writes each in its unit', () => {
  const { points, metrics } = family();
  const [first] = points;
  const value = (task: string) => {
    const outcome = first?.test[task];
    return outcome && outcomeValue(outcome);
  };
  expect([value('arc'), value('error_rate'), value('val_loss')]).toEqual([0.5, 0.4, 2.5]);
  const written = [...metrics].map(([task, metric]) => inFull(metric, value(task) ?? Number.NaN));
  expect(written).toEqual(['50.0 %', '40.0 %', '2.500']);
  expect(first?.test.arc).toEqual({ value: 0.5, n: 100 });
});

it('reads a loss below 1 on its own scale', () => {
  const text = 'coefficient.a,task.arc,task.val_loss\n0,0.5,0.9\n1,0.6,0.8';
  expect(family(text, ['val_loss']).metrics.get('val_loss')).toMatchObject({ share: false, smaller: true });
});

it('names what has no slider, what is missing, and how many merges an estimate lacks', () => {
  const { notes } = family();
  expect(notes).toContain('fixed is the same in all merges: it has no slider.');
  expect(notes.at(-1)).toBe('a remark');
  expect(notes.join('\n')).toMatch(/line 4: “val_loss”: no value/);
  expect(notes.join('\n')).toMatch(/arc, error_rate: 3 different merges are too few .* 6 unknowns; 3 more are missing/);
  expect(notes.join('\n')).toMatch(/val_loss: 2 different merges .* 4 more are missing/);
});

it('gives merges that were measured twice names of their own', () => {
  const { points } = family([csv, rows[0]].join('\n'));
  expect(new Set(points.map(({ mergeId }) => mergeId)).size).toBe(4);
});

it('makes another study of the same file with another direction', () => {
  expect(family(csv, []).points[0]?.study).not.toBe(family().points[0]?.study);
});

it('refuses what cannot be explored, in words', () => {
  expect(refusal('coefficient.a,task.x\n0,0.5\n1,0.6')).toMatch(/two tasks or more; measured are x/);
  expect(refusal('coefficient.a,task.x,task.y\n1,0.5,0.5\n1,0.6,0.5')).toMatch(/No coefficient differs/);
  expect(refusal('coefficient.a,task.x,task.y\nzero,0.5,0.5')).toMatch(/no measured merge/);
  expect(refusal('task.x,task.y\n0.5,0.5')).toMatch(/coefficients/);
});

it('shows the file’s values exactly where it has them, and estimates nowhere as measured', () => {
  const made = family();
  const estimate = { mean: 0.55, low: 0.5, high: 0.6 };
  const [first] = made.points;
  const at = (recipe: Family['recipe']) => elsewhereRows(made, recipe, 'id', { arc: estimate });
  expect(at(first?.recipe ?? made.recipe)[0]).toMatchObject({ state: 'measured', accuracy: 0.5, n: 100 });
  const between = recipeAt(
    made.recipe,
    made.points[0]?.coefficients.map((value) => value + 0.1) ?? [],
    COEFFICIENTS_ONLY,
  );
  expect(at(between).map(({ state, accuracy, n }) => [state, accuracy, n])).toEqual([
    ['estimated', 0.55, 0],
    ['estimated', null, 0],
    ['estimated', null, 0],
  ]);
});

it('draws intervals from samples or standard errors, and scales from the worst to the best value', () => {
  const text = 'coefficient.a,task.arc,task.val_loss,n.arc,stderr.val_loss\n0,0.5,2,100,0.1\n1,0.6,3,100,0.1';
  const made = family(text, ['val_loss']);
  const [arc, loss] = elsewhereRows(made, made.points[0]?.recipe ?? made.recipe, 'id', {});
  expect(arc?.low).toBeCloseTo(0.404, 3);
  expect([loss?.low, loss?.accuracy, loss?.high].map((value) => value?.toFixed(3))).toEqual([
    '1.804',
    '2.000',
    '2.196',
  ]);
  expect(loss?.span).toEqual([3, 2]);
});
