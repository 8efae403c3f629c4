import { describe, expect, it } from 'vitest';
import type { Score, Scores } from '../formats/card.ts';
import type { Recipe, Step } from '../formats/recipe.ts';
import { changeSentence, changes, openingSentence, plainText, short, signed } from './sentence.ts';

const names = {
  task: (id: string) => id.charAt(0).toUpperCase() + id.slice(1),
  method: (id: string) => ({ ta: 'Task Arithmetic', ties: 'TIES' })[id] ?? id,
  symbol: (_method: string, control: string) => ({ lambda: 'λ', density: 'k' })[control] ?? control,
  layers: (group: number) => `block ${group + 1}`,
};

/** A stand-in for the statistical test: five points are real. */
const differs = (a: Score, b: Score) => Math.abs(a.correct / a.n - b.correct / b.n) > 0.05;

const of = (correct: number, n = 512): Score => ({ correct, n });

function recipe(lambda: readonly number[], change: Partial<Recipe> = {}): Recipe {
  const chain: Step[] = [{ method: 'ta', controls: { lambda } }];
  return { family: 'glyph-vit', experts: ['digits', 'greek', 'kana'], chain, seed: 1, ...change };
}

const steady: Scores = { digits: of(400), greek: of(400), kana: of(400) };
const text = (before: Recipe, after: Recipe, test: Scores = steady) =>
  plainText(changeSentence({ recipe: before, test: steady }, { recipe: after, test }, names, differs));

describe('what changed', () => {
  it('names the one coefficient that moved, then gains and losses beyond noise, then counts the rest', () => {
    const after = { digits: of(460), greek: of(398), kana: of(340) };
    expect(text(recipe([0.3, 0.3, 0.3]), recipe([0.55, 0.3, 0.3]), after)).toBe(
      'λ digits .30 → .55: Digits +11.7 points, Kana −11.7; 1 other within noise.',
    );
  });

  it('says so when nothing changed beyond noise', () => {
    const after = { digits: of(404), greek: of(397), kana: of(400) };
    expect(text(recipe([0.3, 0.3, 0.3]), recipe([0.3, 0.35, 0.3]), after)).toBe(
      'λ greek .30 → .35: no task changed beyond noise.',
    );
  });

  it('tells at most three tasks and counts the others', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const before = Object.fromEntries(ids.map((id) => [id, of(400)]));
    const after = Object.fromEntries(ids.map((id, i) => [id, of(100 + 10 * i)]));
    const parts = changeSentence(
      { recipe: recipe([0]), test: before },
      { recipe: recipe([1]), test: after },
      names,
      differs,
    );
    expect(plainText(parts)).toBe('λ digits .00 → 1.00: A −58.6 points, B −56.6, C −54.7 and 2 more.');
  });

  it('marks each task with its direction, so that it can be drawn in its colour', () => {
    const parts = changeSentence(
      { recipe: recipe([0]), test: { digits: of(100), greek: of(400) } },
      { recipe: recipe([1]), test: { digits: of(400), greek: of(100) } },
      names,
      differs,
    );
    expect(parts.filter((part) => part.task)).toEqual([
      { text: 'Digits +58.6 points', tone: 'gain', task: 'digits' },
      { text: 'Greek −58.6', tone: 'loss', task: 'greek' },
    ]);
  });

  it('names the method, the experts or the seed when they changed', () => {
    const ties = recipe([], { chain: [{ method: 'ties', controls: { density: 0.2 } }] });
    expect(text(recipe([0.3, 0.3, 0.3]), ties)).toMatch(/^TIES instead of Task Arithmetic: no task/);
    expect(text(recipe([1, 1, 1]), recipe([1, 1], { experts: ['digits', 'greek'] }))).toMatch(/^Without Kana: /);
    expect(text(recipe([1, 1, 1]), recipe([1, 1, 1], { experts: ['digits', 'greek', 'style'] }))).toMatch(
      /^With Style, without Kana: /,
    );
    expect(text(recipe([1, 1, 1]), recipe([1, 1, 1], { seed: 7 }))).toMatch(/^Seed 7: /);
  });

  it('says in which layers a coefficient moved, and when they were divided', () => {
    const grouped = (lambda: readonly number[]) =>
      recipe([], { chain: [{ method: 'ta', layerGroups: 2, controls: { lambda } }] });
    const before = grouped([0.3, 0.3, 0.3, 0.3, 0.3, 0.3]);
    expect(text(before, grouped([0.3, 0.3, 0.3, 0.55, 0.3, 0.3]))).toMatch(/^λ greek · block 2 \.30 → \.55: /);
    expect(text(recipe([0.3, 0.3, 0.3]), before)).toMatch(/^2 groups of layers: /);
    expect(text(before, recipe([0.3, 0.3, 0.3]))).toMatch(/^One coefficient for all layers: /);
  });

  it('counts coefficients that moved together and stays silent about a cause that has no short name', () => {
    expect(text(recipe([0.3, 0.3, 0.3]), recipe([0.5, 0.5, 0.5]))).toMatch(/^3 values of λ changed: /);
    const two = (lambda: number, density: number) =>
      recipe([], { chain: [{ method: 'ties', controls: { lambda, density } }] });
    expect(text(two(0.3, 0.2), two(0.4, 0.1))).toBe('No task changed beyond noise.');
    expect(text(two(0.3, 0.2), two(0.3, 0.1))).toMatch(/^k \.20 → \.10: /);
  });

  it('compares only tasks that both have, and leaves out what has no sample yet', () => {
    expect(
      changes({ digits: of(100), kana: of(0, 0) }, { digits: of(200), kana: of(5), greek: of(9) }, differs),
    ).toEqual([{ task: 'digits', delta: 100 / 512, beyondNoise: true }]);
    expect(text(recipe([1]), recipe([0]), { style: of(3) })).toBe('λ digits 1.00 → .00: no task to compare with.');
  });
});

describe('before anything changed', () => {
  it('says what the first merge keeps', () => {
    expect(plainText(openingSentence({ digits: 0.98, greek: 0.9, kana: 0.71 }, names))).toBe(
      'One network for 3 tasks: Digits keeps 98\u00a0% of its expert’s accuracy, Kana 71\u00a0%.',
    );
    expect(plainText(openingSentence({ digits: 0.98, kana: 0.71 }, names, true))).toMatch(
      /^A network for each of 2 tasks: /,
    );
    expect(plainText(openingSentence({ kana: 0.71 }, names))).toBe('Kana keeps 71\u00a0% of its expert’s accuracy.');
    expect(openingSentence({}, names)).toEqual([]);
  });
});

describe('numbers', () => {
  it('are printed as figures print them', () => {
    expect([0.3, -0.05, 1.2, 0, -0.001].map(short)).toEqual(['.30', '−.05', '1.20', '.00', '.00']);
    expect([0.0412, -0.09, 0].map(signed)).toEqual(['+4.1', '−9.0', '+0.0']);
  });
});
