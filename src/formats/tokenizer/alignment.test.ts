/** Vocabularies in one: whose tokens, which rows, and what fills the rows that a model lacks. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlignmentRequest, alignVocabularies, fillings, type TokenModel } from './alignment.ts';
import { plainToken, type Tokenizer } from './vocabulary.ts';

const ASKED: Omit<AlignmentRequest, 'models'> = { base: null, source: 'union', tokens: new Map(), padTo: null };

function tokenizerOf(tokens: readonly string[], added: readonly string[] = []): Tokenizer {
  const all = [...tokens, ...added];
  const vocabulary = new Map(all.map((token, row) => [token, row]));
  const own = Object.fromEntries(tokens.map((token, row) => [token, row]));
  const entries = added.map((token, i) => plainToken(token, tokens.length + i));
  return {
    vocabulary,
    added: entries,
    parts: new Set<string>(),
    moved: [],
    json: { model: { type: 'WordLevel', vocab: own }, added_tokens: entries },
  };
}

const model = (id: string, tokens: readonly string[], rows = tokens.length): TokenModel => ({
  id,
  name: id,
  tokenizer: tokenizerOf(tokens),
  rows,
});

test('new tokens come behind the base’s, and rows that are lacking are the base’s or the mean of those that have them', () => {
  const models = [model('base', ['a', 'b']), model('x', ['c', 'a', 'd']), model('y', ['d', 'b', 'c'])];
  const alignment = alignVocabularies({ ...ASKED, base: 'base', models });
  expect(alignment.tokens).toEqual(['a', 'b', 'c', 'd']);
  expect(Object.fromEntries(Array.from(alignment.own, ([id, rows]) => [id, [...rows]]))).toEqual({
    base: [0, 1, -1, -1],
    x: [1, -1, 0, 2],
    y: [-1, 1, 2, 0],
  });
  expect([...fillings(alignment, ['base', 'x', 'y'])]).toEqual([
    [0, [{ model: 'base', row: 0 }]],
    [1, [{ model: 'base', row: 1 }]],
    [
      2,
      [
        { model: 'x', row: 0 },
        { model: 'y', row: 2 },
      ],
    ],
    [
      3,
      [
        { model: 'x', row: 2 },
        { model: 'y', row: 0 },
      ],
    ],
  ]);
});

test('a row that no model has is 0, and tokens beyond a model’s rows are lacking', () => {
  const models = [model('base', ['a', 'b', 'c'], 2), model('x', ['a'])];
  expect(alignVocabularies({ ...ASKED, base: 'base', source: 'base', models }).tokens).toEqual(['a', 'b']);
  const other = alignVocabularies({ ...ASKED, base: 'base', source: tokenizerOf(['c', 'a']), models });
  expect(fillings(other, ['base', 'x'])).toEqual(new Map([[0, []]]));
});

test('rows are padded to a multiple, and the tokenizer that comes with them numbers the tokens alike', () => {
  const models = [model('base', ['a', 'b', 'c'], 2), model('x', ['a', 'z'])];
  const { rows, tokenizer, tokens } = alignVocabularies({ ...ASKED, base: 'base', models, padTo: 8 });
  expect(rows).toBe(8);
  expect(tokens).toEqual(['a', 'b', 'z']);
  expect(tokenizer).toEqual({
    model: { type: 'WordLevel', vocab: { a: 0, b: 1 } },
    added_tokens: [plainToken('z', 2)],
  });
});

test('parts of the base that have no row come first in a union, and are the row of who has them', () => {
  const [base, x] = [model('base', ['a', 'b'], 2), model('x', ['<pad>', 'z', 'a'])];
  const added = [plainToken('<pad>', 2), plainToken('<other>', 3)];
  const tokenizer = { ...tokenizerOf(['a', 'b'], ['<pad>', '<other>']), added, parts: new Set(['<pad>', 'b']) };
  const models = [{ ...base, tokenizer }, x];
  const union = alignVocabularies({ ...ASKED, base: 'base', models });
  expect(union.tokens).toEqual(['a', 'b', '<pad>', 'z']);
  expect(fillings(union, ['base', 'x']).get(2)).toEqual([{ model: 'x', row: 0 }]);
  expect(alignVocabularies({ ...ASKED, base: 'base', source: 'base', models }).tokens).toEqual(['a', 'b']);
});

test('what is said about tokens holds, and what cannot be is refused in words', () => {
  const models = [model('base', ['a', 'b']), model('x', ['b', 'c'])];
  const asked = (source: Parameters<typeof alignVocabularies>[0]['tokens']) =>
    alignVocabularies({ ...ASKED, base: 'base', models, tokens: source });
  const from = (source: { kind: 'model'; model: string } | { kind: 'row'; model: string; token: string | number }) =>
    asked(new Map([['c', { source, force: false }]]));
  expect(fillings(from({ kind: 'row', model: 'base', token: 'b' }), ['base', 'x']).get(2)).toEqual([
    { model: 'base', row: 1 },
  ]);
  expect(() => from({ kind: 'model', model: 'base' })).toThrow('tokens: "c": base has no token "c"');
  expect(() => from({ kind: 'row', model: 'x', token: 9 })).toThrow('tokens: "c": x has no row 9 of 2');
  expect(() => from({ kind: 'model', model: 'z' })).toThrow('its source is not among the merged models');
  const none = asked(new Map([['new', { source: null, force: false }]]));
  expect(() => fillings(none, ['base', 'x'])).toThrow('tokens: "new": says no source');
  const holes = {
    ...model('x', ['b']),
    tokenizer: { ...tokenizerOf(['b']), vocabulary: new Map([['b', 5]]) },
    rows: 9,
  };
  expect(() => alignVocabularies({ ...ASKED, models: [holes] })).toThrow('x: no token has row 0, so nothing says');
  expect(() => alignVocabularies({ ...ASKED, models: [{ ...holes, tokenizer: null }] })).toThrow(
    'has no tokenizer.json',
  );
});

const words = fc.uniqueArray(fc.constantFrom(...'abcdefghijkl'), { minLength: 1 });

/** A row of a model as a number that is told from all others. */
const merged = (models: readonly TokenModel[], source: 'union' | 'base') => {
  const alignment = alignVocabularies({ ...ASKED, base: 'm0', models, source });
  const ids = models.map(({ id }) => id);
  const filled = fillings(alignment, ids);
  const valueAt = (id: string, row: number) => {
    const own = models.find((each) => each.id === id)?.tokenizer?.vocabulary ?? new Map<string, number>();
    const token = [...own].find(([, at]) => at === row)?.[0] ?? '';
    return 100 * ids.indexOf(id) + token.charCodeAt(0);
  };
  return new Map(
    alignment.tokens.map((token, row) => [
      token,
      ids.map((id) => {
        const own = alignment.own.get(id)?.[row] ?? -1;
        if (own >= 0) return valueAt(id, own);
        const from = filled.get(row) ?? [];
        return from.reduce((sum, { model: other, row: at }) => sum + valueAt(other, at), 0) / Math.max(1, from.length);
      }),
    ]),
  );
};

test('in which order a model numbers its tokens does not matter', () => {
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), fc.constantFrom('union', 'base'), (lists, source) => {
      const models = lists.map((tokens, i) => model(`m${i}`, tokens));
      const turned = lists.map((tokens, i) => model(`m${i}`, [...tokens].reverse()));
      const byToken = (rows: ReturnType<typeof merged>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(byToken(merged(turned, source))).toEqual(byToken(merged(models, source)));
    }),
  );
});

test('equal vocabularies stay as they are', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 4 }), fc.constantFrom('union', 'base'), (tokens, count, source) => {
      const models = Array.from({ length: count }, (_, i) => model(`m${i}`, tokens));
      const alignment = alignVocabularies({ ...ASKED, base: 'm0', models, source });
      expect(alignment.tokens).toEqual(tokens);
      for (const rows of alignment.own.values()) expect([...rows]).toEqual(tokens.map((_, row) => row));
      expect(
        fillings(
          alignment,
          models.map(({ id }) => id),
        ).size,
      ).toBe(0);
    }),
  );
});
