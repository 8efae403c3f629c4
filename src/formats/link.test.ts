import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { furtherControls } from './coefficients.ts';
import { buildLink, type Opened, parseLink, peekLink, type Refused } from './link.ts';
import { anyMapSettings } from './map-settings.testing.ts';
import { canonicalRecipe } from './merge-id.ts';
import { anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import { clampValue, knownMethod, openingRecipe, type Recipe, storedGroups } from './recipe.ts';
import { defaultView, type View, WHOLE_OBJECTIVES } from './view.ts';

const parse = (hash: string) => parseLink(hash, testCatalogue, testCard);
const build = (recipe: Recipe, view: View) => buildLink(recipe, view, testCatalogue, testCard);

function opened(hash: string): Opened {
  const result = parse(hash);
  if (result.kind === 'refused') throw new Error(`${hash}: ${result.reason}`);
  return result;
}

function refused(hash: string): Refused {
  const result = parse(hash);
  if (result.kind === 'ok') throw new Error(`${hash} was opened`);
  return result;
}

const tasks = testCard.tasks.map((task) => task.id);
/** A view of this recipe; what it varies are controls that the recipe has. */
const anyViewOf = (recipe: Recipe): fc.Arbitrary<View> =>
  fc.record({
    pair: fc
      .shuffledSubarray([...tasks, ...WHOLE_OBJECTIVES], { minLength: 2, maxLength: 2 })
      .map(([x = '', y = '']): [string, string] => [x, y]),
    goals: fc.constantFrom('pair', 'all', 'nested'),
    objectives: fc.shuffledSubarray([...tasks, ...WHOLE_OBJECTIVES]),
    map: anyMapSettings,
    vary: fc.subarray(furtherControls(recipe, testCatalogue).map(({ id }) => id)),
    level: fc.constantFrom('see', 'tune'),
    allTasks: fc.boolean(),
    doc: fc.option(fc.constantFrom(...[...testCatalogue.methods, ...testCatalogue.presets].map(({ id }) => id))),
  });
const anyPage = anyRecipe.chain((recipe) => anyViewOf(recipe).map((view) => ({ recipe, view })));
const anyLink = anyPage.map(({ recipe, view }) => build(recipe, view));

describe('a share link', () => {
  it('leaves out every default: the opening recipe is #v=1', () => {
    const recipe = openingRecipe(testCard, testCatalogue);
    expect(build(recipe, defaultView(recipe, testCard))).toBe('#v=1');
  });

  it('comes back as the same merge and the same view, without a note, in fewer than 2,000 characters', () => {
    fc.assert(
      fc.property(anyPage, ({ recipe, view }) => {
        const link = build(recipe, view);
        const back = opened(link);
        expect(canonicalRecipe(back.recipe, testCatalogue)).toBe(canonicalRecipe(recipe, testCatalogue));
        expect(back.view).toEqual(view);
        expect(back.notes).toEqual([]);
        expect(build(back.recipe, back.view)).toBe(link);
        expect(link.length).toBeLessThan(2000);
      }),
      { numRuns: 1000 },
    );
  });

  it('needs no escapes: plain letters, digits, commas, slashes, dots and plus signs', () => {
    fc.assert(
      fc.property(anyLink, (link) => {
        expect(link).toMatch(/^#[a-z0-9=&,/.+_-]+$/i);
      }),
    );
  });

  it('names the step where two steps share a control', () => {
    const link = '#v=1&e=digits,greek,kana&m=dare+ties+lines&p.dare.density=.4&p.ties.density=.25&p.alpha=.5&s=7';
    const { recipe, view, notes } = opened(link);
    expect(recipe.chain.map(({ controls }) => controls.density ?? controls.alpha)).toEqual([0.4, 0.25, 0.5]);
    expect(recipe.seed).toBe(7);
    expect(notes).toEqual([]);
    expect(build(recipe, view)).toBe(link);
  });

  it('gives `l` to the per-expert control of the merge, not to that of another step', () => {
    const { recipe } = opened('#v=1&e=digits,kana&m=dare+ties&p.scale=2,.5&p.weighting=own&l=1.5,0');
    expect(recipe.chain[0]?.controls.scale).toEqual([2, 0.5]);
    expect(recipe.chain[1]?.controls.weight).toEqual([1.5, 0]);
  });

  it('separates groups of layers by slashes, and takes one number for all of an expert’s', () => {
    const { recipe, view, notes } = opened('#v=1&e=digits,kana&l=.2/.4,.7');
    expect(recipe.chain).toEqual([
      { method: 'task-arithmetic', layerGroups: 2, controls: { lambda: [0.2, 0.4, 0.7, 0.7] } },
    ]);
    expect(notes).toEqual([]);
    expect(build(recipe, view)).toBe('#v=1&e=digits,kana&l=.2/.4,.7/.7');
  });

  it('tells equal groups from one coefficient, also at the default', () => {
    const link = '#v=1&e=digits,kana&l=.3/.3/.3,.3/.3/.3';
    const { recipe, view } = opened(link);
    expect(build(recipe, view)).toBe(link);
    expect(canonicalRecipe(recipe, testCatalogue)).not.toBe(
      canonicalRecipe(opened('#v=1&e=digits,kana').recipe, testCatalogue),
    );
  });

  it('names what is varied, by its step where two steps share the name', () => {
    const ties = '#v=1&e=digits,kana&m=ties&vary=density';
    expect(opened(ties).view.vary).toEqual(['ties.density']);
    expect(opened(ties).notes).toEqual([]);
    const both = '#v=1&e=digits,kana&m=dare+ties&vary=dare.density,ties.density';
    const { recipe, view } = opened(both);
    expect(view.vary).toEqual(['dare.density', 'ties.density']);
    expect(build(recipe, view)).toBe(both);
  });

  it('survives percent encoding by a chat program', () => {
    fc.assert(
      fc.property(anyLink, (link) => {
        const escaped = link.replaceAll(',', '%2C').replaceAll('/', '%2F').replaceAll('+', '%2B');
        expect(parse(escaped)).toEqual(parse(link));
        expect(parse(link.replaceAll('+', '%20'))).toEqual(parse(link));
      }),
    );
  });
});

describe('a link that this studio cannot follow is refused in words', () => {
  it.each([
    ['#v=2', '“2”', 'v=1'],
    ['#l=.3', '“#l=.3”', 'v=1'],
    ['#v=%zz', '“%zz”', 'v=1'],
    ['#v=1&z=other', '“other”', 'glyph-vit'],
    ['#v=1&m=model-of-2031', '“model-of-2031”', 'dare-ties'],
    ['#v=1&m=', '“”', 'ties'],
    ['#v=1&m=dare', '“dare”', 'ties'],
    ['#v=1&m=ties+ties', '“ties+ties”', 'ties'],
    ['#v=1&e=digits,klingon', '“klingon”', 'kana'],
    ['#v=1&e=__proto__', '“__proto__”', 'kana'],
  ])('%s', (hash, got, known) => {
    const result = refused(hash);
    expect(result.got).toBe(got);
    expect(result.known).toContain(known);
    expect(result.reason).toMatch(/\.$/);
    expect(result.todo).toMatch(/\.$/);
  });
});

it('refuses a link of 9,000 characters and quotes its beginning', () => {
  const result = refused(`#v=1&x=${'y'.repeat(9000)}`);
  expect(result.got).toBe(`“#v=1&x=${'y'.repeat(33)}…”`);
  expect(result.reason).toContain('9007 characters, at most 8000');
});

describe('what can be repaired is repaired and noted', () => {
  it.each([
    ['#v=1&l=9,.3,.3,.3&w=1', 'λ digits: 9 is outside -2 to 3, so 3 is used.'],
    ['#v=1&l=9,.3,.3,.3', 'λ digits: 9 is outside -0.5 to 1.5, so 1.5 is used.'],
    ['#v=1&l=x,.3,.3,.3', 'λ digits: “x” is not a number, so 0.3 is used.'],
    ['#v=1&l=1e999,.3,.3,.3', 'λ digits: “1e999” is not a number, so 0.3 is used.'],
    ['#v=1&l=.3', 'λ: the link gives 1 values for 4 experts; the others get the default.'],
    ['#v=1&m=adamerging&p.step=2.5', 'step: 2.5 is not a whole number, so 3 is used.'],
    ['#v=1&m=ties&p.weighting=toString', 'weights: there is no “toString”, so “equal” is used.'],
    ['#v=1&m=dare+ties&p.density=.5', '“p.density” could mean two steps and is left out: say p.<method>.<control>.'],
    ['#v=1&p.__proto__=1', '“p.__proto__” means nothing to this method and is left out.'],
    ['#v=1&__proto__=1', '“__proto__” is not known to this studio and is left out.'],
    ['#v=1&m=ties&l=2,2,2,2', 'w: the values in the link have no effect unless “weights” is “own”.'],
    ['#v=1&s=-3', 'Seed: “-3” is not a whole number from 0 to 4294967295, so 1 is used.'],
    ['#v=1&s=1&s=2', '“s” comes twice; the first one counts.'],
    ['#v=1&e=kana,kana,greek', 'An expert comes twice in the link; it is merged once.'],
    ['#v=1&q=kana,kana', 'q=“kana,kana” is not known and is left out.'],
    [
      '#v=1&e=digits,kana&l=.1/.2/.3/.4/.5,.3',
      'λ digits: “.1/.2/.3/.4/.5” gives 5 values; at most 4 groups of layers are read, and the last ones are left out.',
    ],
    [
      '#v=1&e=digits,kana&l=.1/.2/.3,.4/.5',
      'λ kana: “.4/.5” gives 2 values for 3 groups of layers; the others get the default.',
    ],
    ['#v=1&e=digits,kana&l=.1/x,.4/.5', 'λ digits, group 2: “x” is not a number, so 0.3 is used.'],
    [
      '#v=1&e=digits,kana&m=dare+task-arithmetic&p.scale=1/2,1',
      's digits: “1/2” gives 2 values; its layers have one value, and the last ones are left out.',
    ],
    [
      '#v=1&m=ties&vary=density,weighting',
      'vary: “weighting” is left out; besides its coefficients this mix can vary: density.',
    ],
    ['#v=1&vary=lambda', 'vary: “lambda” is left out; besides its coefficients this mix can vary: none.'],
    ['#v=1&lv=god', 'lv=“god” is not known and is left out.'],
  ])('%s', (hash, note) => {
    expect(opened(hash).notes).toEqual([note]);
  });

  it('says at most eight things', () => {
    const many = Array.from({ length: 50 }, (_, i) => `k${i}=1`).join('&');
    expect(opened(`#v=1&${many}`).notes).toHaveLength(8);
    expect(opened(`#v=1&${many}`).notes.at(-1)).toBe('… and 43 more.');
  });
});

describe('5,000 mutations of valid links', () => {
  const pieces = [
    '&',
    '=',
    ',',
    '%',
    '%zz',
    '%00',
    '+',
    '-',
    '.',
    'e9',
    'NaN',
    '1e999',
    '__proto__',
    'p.',
    'l',
    'constructor',
    '/',
    '/.5',
    'vary=',
  ];
  const edit = fc.record({
    at: fc.noBias(fc.nat({ max: 999 })),
    remove: fc.nat({ max: 6 }),
    insert: fc.oneof(
      fc.constantFrom(...pieces),
      fc.string({ maxLength: 4, unit: 'binary' }),
      fc.constant('9'.repeat(40)),
    ),
  });
  const mutated = fc.tuple(anyLink, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([link, edits]) =>
    edits.reduce((text, { at, remove, insert }) => {
      // Behind the version, so that most mutations reach the rest of the grammar.
      const place = 4 + Math.floor((at / 1000) * (text.length - 3));
      return text.slice(0, place) + insert + text.slice(place + remove);
    }, link),
  );

  it('never throw and never give a number out of range, an unknown id or an unknown option', () => {
    let reached = 0;
    fc.assert(
      fc.property(mutated, (link) => {
        peekLink(link);
        const result = parse(link);
        if (result.kind === 'refused') return;
        reached++;
        const { recipe, view } = result;
        const known = testCard.experts.map((expert) => expert.id);
        expect(recipe.experts.every((id) => known.includes(id))).toBe(true);
        expect(new Set(recipe.experts).size).toBe(recipe.experts.length);
        expect(view.pair.every((id) => [...tasks, ...WHOLE_OBJECTIVES].includes(id))).toBe(true);
        expect(Number.isInteger(recipe.seed) && recipe.seed >= 0 && recipe.seed <= 0xffffffff).toBe(true);
        for (const step of recipe.chain) {
          const { controls } = knownMethod(testCatalogue, step.method);
          expect(Object.keys(step.controls)).toEqual(Object.keys(controls));
          for (const [key, control] of Object.entries(controls)) {
            const value = step.controls[key];
            expect(value).toEqual(clampValue(control, value, recipe.experts.length, storedGroups(step)));
          }
        }
        // What was understood can be shared again.
        expect(parse(build(recipe, view)).kind).toBe('ok');
      }),
      { numRuns: 5000 },
    );
    expect(reached).toBeGreaterThan(1000);
  });

  it('of arbitrary text never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        parse(text);
        peekLink(`#${text}`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('peeking', () => {
  it('tells the family before any card is there', () => {
    expect(peekLink('#v=1')).toEqual({ kind: 'ok', family: 'glyph-vit' });
    expect(peekLink('')).toEqual({ kind: 'ok', family: 'glyph-vit' });
    expect(peekLink('#v=1&z=skill-gpt', ['glyph-vit', 'skill-gpt'])).toEqual({ kind: 'ok', family: 'skill-gpt' });
  });

  it('refuses unknown families, which never become part of an address', () => {
    expect(peekLink('#v=1&z=../../secret')).toMatchObject({ kind: 'refused', known: ['glyph-vit'] });
    expect(peekLink('#v=3')).toMatchObject({ kind: 'refused', got: '“3”' });
  });
});
