import catalogue from 'virtual:catalogue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { COEFFICIENTS_ONLY } from '../../formats/coefficients.ts';
import { testCard as card } from '../../formats/recipe.testing.ts';
import { openingRecipe } from '../../formats/recipe.ts';
import { defaultView } from '../../formats/view.ts';
import { pointsFile } from '../export.ts';
import { selectAllGoals } from '../objectives.ts';
import { selectLink, selectTaskRows } from '../selectors.ts';
import { useStudio } from '../studio.ts';
import { coefficientValues, openingPoints } from '../study.ts';
import { type OpenedFile, openAndTell, openFiles } from './open-files.ts';
import { planFrom } from './plan.ts';
import { leaveElsewhere, recallElsewhere, setSmaller } from './screen.ts';

const untouched = useStudio.getState();
const recipe = openingRecipe(card, catalogue);
const now = useStudio.getState;

const csv = [
  'coefficient.code,coefficient.maths,task.arc,task.val_loss,n.arc',
  ...[0, 0.5, 1].flatMap((a) => [0, 0.5, 1].map((b) => `${a},${b},${0.5 + 0.2 * a},${2 + a * b},100`)),
].join('\n');
const file = (path: string, text: string): OpenedFile => ({ path, size: text.length, text: async () => text });

beforeEach(() => {
  vi.useFakeTimers();
  const points = openingPoints(card);
  useStudio.setState({ ...untouched, card, recipe, view: defaultView(recipe, card), points }, true);
});
afterEach(() => {
  vi.useRealTimers();
  useStudio.setState(untouched, true);
});

it('gives the screen to a file about other models, and back to the zoo as it was', async () => {
  const before = now();
  expect(await openFiles([file('llama.csv', csv)], 'calibration')).toEqual({ kind: 'elsewhere', notes: [] });
  expect(now().elsewhere?.name).toBe('llama.csv');
  expect(now().recipe?.experts).toEqual(['arc', 'val_loss']);
  expect(now().points).toHaveLength(9);
  expect(selectLink(now())).toBeNull();
  leaveElsewhere();
  const { elsewhere, recipe: back, points, card: zoo, view } = now();
  expect({ elsewhere, back, points, zoo, view }).toEqual({
    elsewhere: null,
    back: recipe,
    points: before.points,
    zoo: card,
    view: before.view,
  });
});

it('adds a file about the mix to the mix, also while another file is on the screen', async () => {
  const header = [...recipe.experts.map((id) => `coefficient.${id}`), ...recipe.experts.map((id) => `task.${id}`)];
  const mine = [
    header.join(),
    recipe.experts
      .flatMap(() => [0.2])
      .concat(recipe.experts.map(() => 0.5))
      .join(),
  ];
  await openFiles([file('llama.csv', csv)], 'calibration');
  const { kind, notes } = await openFiles([file('mine.csv', mine.join('\n'))], 'test');
  expect(kind).toBe('zoo');
  expect(notes[0]).toBe('mine.csv: 1 measured merges on the test split.');
  expect(now().elsewhere).toBeNull();
  expect(now().points.filter(({ source }) => source === 'file')).toHaveLength(1);
});

it('leaves the screen as it is when a file cannot be explored, and says why', async () => {
  await openAndTell([file('bad.csv', 'coefficient.a,task.x\n0,1\n1,zero')], 'calibration');
  expect(now().elsewhere).toBeNull();
  expect(now().dialog).toBe('open');
  expect(now().opened?.notes.join('\n')).toMatch(/bad\.csv: A front needs two tasks/);
  expect(now().opened?.notes.join('\n')).toMatch(/line 3: .*zero/);
});

it('moves from measured values to none where no surrogate is fitted yet, by the sliders', async () => {
  await openFiles([file('llama.csv', csv)], 'calibration');
  expect(selectTaskRows(now()).map(({ state, n }) => [state, n])).toEqual([
    ['measured', 100],
    ['measured', 0],
  ]);
  now().setControl(0, 'code', 0.3, false);
  expect(selectTaskRows(now()).map(({ state, accuracy }) => [state, accuracy])).toEqual([
    ['estimated', null],
    ['estimated', null],
  ]);
  expect(now().past).toHaveLength(1);
});

it('turns a task round and keeps the sliders; its floor goes, others stay', async () => {
  await openFiles([file('llama.csv', csv)], 'calibration');
  now().setControl(0, 'code', 0.3, false);
  now().setFloor('arc', 0.6);
  now().setFloor('val_loss', -2.5);
  const values = () => now().recipe && coefficientValues(now().recipe ?? recipe, COEFFICIENTS_ONLY);
  const held = values();
  setSmaller('val_loss', false);
  expect(values()).toEqual(held);
  expect(now().floors).toEqual({ arc: 0.6 });
  expect(now().points[0]?.test.val_loss).toEqual({ value: 2 });
  setSmaller('val_loss', true);
  expect(selectAllGoals(now()).map(({ objective }) => objective.sense)).toContain('minimise');
});

it('gives the table, the sliders and the floors back', async () => {
  await openFiles([file('llama.csv', csv)], 'calibration');
  now().setControl(0, 'maths', 0.75, false);
  now().setFloor('arc', 0.55);
  vi.advanceTimersByTime(1000);
  const { recipe: moved, points } = now();
  leaveElsewhere();
  expect(await recallElsewhere()).toBe(true);
  expect(now().recipe).toEqual(moved);
  expect(now().points).toEqual(points);
  expect(now().floors).toEqual({ arc: 0.55 });
});

it('takes values away as they came, whichever side is the better one', async () => {
  await openFiles([file('llama.csv', csv)], 'calibration');
  const saved = pointsFile(now(), 'calibration', 'csv')?.text ?? '';
  expect(saved.split('\n')[0]).toMatch(/^coefficient\.code,coefficient\.maths,task\.arc,task\.val_loss,n\.arc/);
  expect(saved.split('\n')[1]).toMatch(/^0,0,0\.5,2,100/);
});

it('plans more merges for the same coefficients, none of them measured already', async () => {
  await openFiles([file('llama.csv', csv)], 'calibration');
  const from = planFrom(now());
  if (from?.kind !== 'names') throw new Error(`a plan from ${from?.kind}`);
  expect(from.sampled.axes.map(({ name, min, max }) => [name, min, max])).toEqual([
    ['code', 0, 1],
    ['maths', 0, 1],
  ]);
  expect(from.sampled.known).toHaveLength(9);
});

it('plans from the mix on the screen, or from a configuration that is opened', async () => {
  expect(planFrom(now())).toEqual({ kind: 'recipe', recipe });
  expect(await openFiles([file('merge.yaml', 'models: []')], 'test')).toEqual({ kind: 'configuration', notes: [] });
  expect(now().dialog).toBe('plan');
  expect(planFrom(now())).toEqual({ kind: 'configuration', name: 'merge.yaml', text: 'models: []', sampled: null });
  now().setDialog(null);
  expect(now().configuration).toBeNull();
});
