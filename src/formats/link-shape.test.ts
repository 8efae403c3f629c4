import fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { clampCurve, flatCurve } from './curves.ts';
import { buildLink, type Opened, parseLink } from './link.ts';
import { readShape, writeShape } from './link-shape.ts';
import { anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import { mergeStep } from './recipe.ts';
import { defaultView } from './view.ts';

const rising = clampCurve({ ...flatCurve(3), points: [0, 0.5, 1.5] });
const pack = (json: unknown) => `d.${Buffer.from(deflateSync(strToU8(JSON.stringify(json)))).toString('base64url')}`;

function read(text: string) {
  const notes: string[] = [];
  return { shape: readShape(text, notes), notes };
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
        expect(link.includes('&c=d.')).toBe(step.curves !== undefined || step.filter !== undefined);
        const { notes, recipe: again } = open(link);
        expect(notes).toEqual([]);
        const { curves, filter } = mergeStep(again, testCatalogue);
        expect([curves, filter]).toEqual([step.curves, step.filter]);
      }),
    );
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
    expect(writeShape({ curves })?.length).toBeLessThan(600);
  });

  it('are left out with a note where they are damaged, and the rest of the link counts', () => {
    const whole = writeShape({ curves: { lambda: [rising] } }) ?? '';
    const texts = [
      '',
      'd.',
      'x',
      whole.slice(0, -6),
      whole.slice(1),
      `d.${'A'.repeat(300)}`,
      'd.%%%',
      pack(7),
      pack([]),
    ];
    for (const text of texts) {
      const { recipe, notes } = open(`#v=1&l=.7,.7,.7,.7&c=${encodeURIComponent(text)}`);
      expect(mergeStep(recipe, testCatalogue).controls.lambda).toEqual([0.7, 0.7, 0.7, 0.7]);
      expect(mergeStep(recipe, testCatalogue).curves).toBeUndefined();
      expect(notes.join(), text).toMatch(/damaged/);
    }
  });

  it('are read as far as they can be', () => {
    expect(read(pack({ c: { lambda: [[[1, 9]], 0, 'x', [[1, 'a']]] }, f: [['bias', 'ears'], 'a(b)'] }))).toEqual({
      shape: {
        curves: { lambda: [clampCurve({ ...flatCurve(2), points: [1, 2] }), flatCurve(2), flatCurve(2), flatCurve(2)] },
        filter: { without: ['bias'], names: '' },
      },
      notes: [
        'c: a factor outside 0 to 2 is moved inside.',
        'c: a curve is no list of factors and is left out.',
        'c: the filter names kinds of tensors that this studio does not know; they are left out.',
        expect.stringContaining('those of the link are left out.'),
      ],
    });
    expect(read(pack({ c: 3, f: 4 })).notes).toHaveLength(2);
  });

  it('of a control that the method has no use for are told', () => {
    const { notes, recipe } = open(`#v=1&c=${pack({ c: { __proto__: 1, depth: [[[0]]] } })}`);
    expect(notes).toEqual(['c: the curves of “depth” change nothing in this merge and are left out.']);
    expect(mergeStep(recipe, testCatalogue).curves).toBeUndefined();
  });

  it('cannot unpack to more than a family has use for', () => {
    const bomb = pack({ c: { lambda: [[Array.from({ length: 300_000 }, () => 1)]] } });
    expect(read(bomb)).toEqual({ shape: {}, notes: [expect.stringMatching(/damaged/)] });
    expect(read(pack({ c: { lambda: [[Array.from({ length: 65 }, () => 1)]] } })).notes).toHaveLength(1);
  });

  it('never throw, whatever stands there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(pack)), (text) => {
        expect(() => read(text)).not.toThrow();
        expect(() => shapeOf(`#v=1&c=${encodeURIComponent(text)}`)).not.toThrow();
      }),
    );
  });
});
