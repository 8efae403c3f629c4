import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampCurve, flatCurve } from './curves.ts';
import { buildLink, type Opened, parseLink } from './link.ts';
import { readShape, writeShape } from './link-shape.ts';
import { splitPairs } from './link-text.ts';
import { anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import { mergeStep } from './recipe.ts';
import { defaultView } from './view.ts';

const rising = clampCurve({ ...flatCurve(3), points: [0, 0.5, 1.5] });

function read(link: string) {
  const notes: string[] = [];
  return { shape: readShape(splitPairs(link).values, notes), notes };
}

function open(link: string): Opened {
  const result = parseLink(link, testCatalogue, testCard);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result;
}

const shapeOf = (link: string) => {
  const { curves, filter } = mergeStep(open(link).recipe, testCatalogue);
  return { curves, filter };
};

describe('curves in a link', () => {
  it('come back as they were, with the filter, for every recipe', () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const step = mergeStep(recipe, testCatalogue);
        const link = buildLink(recipe, defaultView(recipe, testCard), testCatalogue, testCard);
        expect(/&(c\.|f=|f\.names=)/.test(link)).toBe(step.curves !== undefined || step.filter !== undefined);
        const { notes, recipe: again } = open(link);
        expect(notes).toEqual([]);
        const { curves, filter } = mergeStep(again, testCatalogue);
        expect([curves, filter]).toEqual([step.curves, step.filter]);
      }),
    );
  });

  it('can be read: factors over depth, behind an underscore those of groups', () => {
    const grouped = { points: [0, 0.5, 1.5], groups: { attention: 1, mlp: 0.5, norm: 1, embedding: 0 } };
    const filter = { without: ['bias'], names: 'blocks.*,!*.norm1.*' } as const;
    expect(writeShape({ curves: { lambda: [rising, grouped, flatCurve(3)] }, filter })).toEqual([
      'c.lambda=0/.5/1.5,0/.5/1.5_1/.5/1/0,1',
      'f=bias',
      'f.names=blocks.+,/+.norm1.+',
    ]);
  });

  it('are short: eight curves over a dozen blocks in a few hundred characters', () => {
    const curves = {
      lambda: Array.from({ length: 8 }, (_, e) =>
        clampCurve({
          ...flatCurve(12),
          points: Array.from({ length: 12 }, (_, k) => 1 + 0.05 * (((k * (e + 1)) % 20) - 10)),
        }),
      ),
    };
    expect(writeShape({ curves }).join('&').length).toBeLessThan(600);
  });

  it('are left out with a note where they are damaged, and the rest of the link counts', () => {
    const long = Array.from({ length: 65 }, () => 2).join('/');
    for (const text of ['x', '0//1', '1_2', '1_1/1/1/1_1', '1_1/1/1', '1/NaN', '1e999', '%%%', long]) {
      const { recipe, notes } = open(`#v=1&l=.7,.7,.7,.7&c.lambda=${text}`);
      expect(mergeStep(recipe, testCatalogue).controls.lambda).toEqual([0.7, 0.7, 0.7, 0.7]);
      expect(mergeStep(recipe, testCatalogue).curves).toBeUndefined();
      expect(notes.join(), text).toMatch(/no list of factors/);
    }
  });

  it('are read as far as they can be', () => {
    expect(read('c.lambda=1/9,1,x,1/a&f=bias,ears&f.names=a(b)')).toEqual({
      shape: {
        curves: { lambda: [clampCurve({ ...flatCurve(2), points: [1, 2] }), flatCurve(2), flatCurve(2), flatCurve(2)] },
        filter: { without: ['bias'], names: '' },
      },
      notes: [
        'c.lambda: a factor outside 0 to 2 is moved inside.',
        'c.lambda: a curve is no list of factors and is left out.',
        'f: the filter names kinds of tensors that this studio does not know; they are left out.',
        expect.stringMatching(/^f\.names: .*those of the link are left out\.$/),
      ],
    });
  });

  it('of a control that the method has no use for are told', () => {
    const { notes, recipe } = open('#v=1&c.depth=0&c.__proto__=0');
    expect(notes).toEqual([
      'The curves of “depth” change nothing in this merge and are left out.',
      'The curves of “__proto__” change nothing in this merge and are left out.',
    ]);
    expect(mergeStep(recipe, testCatalogue).curves).toBeUndefined();
  });

  it('never throw, whatever stands there', () => {
    const pieces = fc.array(fc.constantFrom('1', '.5', '/', '_', ',', '-', 'e', '!', '.'), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          const value = encodeURIComponent(text);
          expect(() => shapeOf(`#v=1&c.lambda=${value}&f=${value}&f.names=${value}`)).not.toThrow();
        },
      ),
    );
  });
});
