/** Tokenizers' files: what is read, what is refused, and that no damaged file is worse than refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainToken, readTokenizer, readVocabJson, TokenizerError } from './vocabulary.ts';

const FILE = 'model/tokenizer.json';

describe('what is read', () => {
  test('words with their rows, and what was added to them', () => {
    const added = [
      { id: 2, content: '<s>', special: true, normalized: false },
      { id: 99, content: 'a' },
    ];
    const json = { model: { vocab: { a: 0, b: 1 } }, added_tokens: added };
    const { vocabulary, added: read, moved } = readTokenizer(json, FILE);
    expect([...vocabulary]).toEqual([
      ['a', 0],
      ['b', 1],
      ['<s>', 2],
    ]);
    expect(read).toEqual([plainToken('a', 0), { ...plainToken('<s>', 2), special: true, normalized: false }]);
    expect(moved).toEqual([{ content: 'a', said: 99, row: 0 }]);
  });

  test('pieces with scores, whose row is their place', () => {
    const vocab = [
      ['<unk>', 0],
      ['▁the', -3.1],
    ];
    expect([...readTokenizer({ model: { type: 'Unigram', vocab } }, FILE).vocabulary]).toEqual([
      ['<unk>', 0],
      ['▁the', 1],
    ]);
  });

  test('vocab.json, also a token that is a name of JavaScript', () => {
    const { vocabulary, json } = readVocabJson(JSON.parse('{"__proto__": 0, "constructor": 1}'), 'vocab.json');
    expect([...vocabulary]).toEqual([
      ['__proto__', 0],
      ['constructor', 1],
    ]);
    expect(json).toBeNull();
  });
});

test.each([
  [[], 'the whole: got a list, wanted an object'],
  [{ model: null }, 'model: got null, wanted an object'],
  [{ model: { vocab: 'abc' } }, 'model.vocab: got "abc", wanted an object'],
  [{ model: { vocab: { a: -1 } } }, 'model.vocab: "a": got -1, wanted a row from 0 to 1999999'],
  [{ model: { vocab: { a: 1e9 } } }, 'model.vocab: "a": got 1000000000'],
  [{ model: { vocab: [['a', 0], 7] } }, 'model.vocab[1]: got 7, wanted [token, score]'],
  [{ model: { vocab: {} } }, 'holds no tokens'],
  [{ model: { vocab: { a: 0, b: 0 } } }, 'row 0 stands for "a" and for "b", wanted one token'],
  [{ model: { vocab: { a: 0 } }, added_tokens: { a: 1 } }, 'added_tokens: got an object, wanted a list'],
  [{ model: { vocab: { a: 0 } }, added_tokens: [{ id: 1 }] }, 'added_tokens[0].content: got undefined, wanted a text'],
  [{ model: { vocab: { a: 0, b: 2 } }, added_tokens: [{ id: 3, content: 'c' }] }, 'row 2 stands for "b" and for "c"'],
])('%j is refused with its place', (json, message) => {
  expect(() => readTokenizer(json, FILE)).toThrow(TokenizerError);
  expect(() => readTokenizer(json, FILE)).toThrow(`${FILE}: ${message}`);
});

const WHOLE = {
  version: '1.0',
  added_tokens: [
    { id: 4, content: '<s>', special: true, normalized: false, lstrip: false, rstrip: false, single_word: false },
  ],
  model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, '"\\': 3 }, merges: ['a b'] },
};

test('4000 damaged files are read or refused in words that name the file', () => {
  const text = JSON.stringify(WHOLE);
  const mutated = fc
    .tuple(fc.nat(text.length), fc.nat(6), fc.string({ maxLength: 6 }))
    .map(([at, cut, more]) => text.slice(0, at) + more + text.slice(at + cut));
  let refused = 0;
  const tried = (json: unknown) => {
    try {
      const { vocabulary } = readTokenizer(json, FILE);
      expect(new Set(vocabulary.values()).size).toBe(vocabulary.size);
    } catch (error) {
      expect(error).toBeInstanceOf(TokenizerError);
      expect(String(error)).toContain(FILE);
      refused++;
    }
  };
  const parsed = (broken: string): unknown => {
    try {
      return JSON.parse(broken);
    } catch {
      return undefined;
    }
  };
  fc.assert(
    fc.property(mutated, (broken) => tried(parsed(broken))),
    { numRuns: 2000, seed: 1 },
  );
  fc.assert(
    fc.property(fc.constantFrom('version', 'added_tokens', 'model'), fc.jsonValue(), (key, value) =>
      tried({ ...WHOLE, [key]: value }),
    ),
    { numRuns: 2000, seed: 2 },
  );
  expect(refused).toBeGreaterThan(1000);
});
