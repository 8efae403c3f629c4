/** Tokens of the files beside tokenizer.json, numbered as transformers 5.23 was seen to number them. */
import { expect, test } from 'vitest';
import { extraTokens, type FilesBeside } from './extra-tokens.ts';
import { readTokenizer, readVocabJson, TokenizerError } from './vocabulary.ts';

const MODEL = { type: 'BPE', vocab: { a: 0, b: 1, c: 2 }, merges: [] };
const FLAGS = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
const START = { id: 3, content: '<s>', ...FLAGS };

const json = (value: unknown, path = 'm/tokenizer_config.json') => ({ path, json: value });
const config = (value: unknown): FilesBeside => ({ config: json(value) });

const rows = (files: FilesBeside, added: readonly unknown[] = [START], model: unknown = MODEL) =>
  Object.fromEntries(readTokenizer({ model, added_tokens: added }, 'm/tokenizer.json', extraTokens(files)).vocabulary);

const OWN = { a: 0, b: 1, c: 2 };

test.each<[string, FilesBeside, Record<string, number>]>([
  ['listed tokens', config({ added_tokens_decoder: { 4: { content: '<x>' }, 3: { content: '<s>' } } }), { '<x>': 4 }],
  [
    'listed tokens in the order of their numbers, without gaps',
    config({ added_tokens_decoder: { 90: { content: '<x>' }, 7: { content: '<y>' } } }),
    { '<y>': 4, '<x>': 5 },
  ],
  ['a number that another token has', config({ added_tokens_decoder: { 3: { content: '<x>' } } }), { '<x>': 4 }],
  [
    'parts that no token has yet, in their order, then those of the kind of model, then the others',
    config({
      extra_special_tokens: ['<e>', '<s>'],
      image_token: '<i>',
      mask_token: '<m>',
      add_bos_token: true,
      bos_token: '<s>',
      cls_token: null,
      eos_token: { __type: 'AddedToken', content: '</s>' },
      added_tokens_decoder: { 4: { content: '<x>' } },
    }),
    { '<x>': 4, '</s>': 5, '<m>': 6, '<i>': 7, '<e>': 8 },
  ],
  ['named others', config({ extra_special_tokens: { image_token: '<i>' } }), { '<i>': 4 }],
  [
    'an older version’s files',
    {
      ...config({ pad_token: '<p>' }),
      special: json({ pad_token: '<q>', bos_token: { content: '<b>' } }, 'm/special_tokens_map.json'),
      added: json({ '<z>': 5, '<y>': 4 }, 'm/added_tokens.json'),
    },
    { '<y>': 4, '<z>': 5, '<b>': 6, '<q>': 7 },
  ],
  [
    'not the older files where the newer one lists tokens',
    { ...config({ added_tokens_decoder: {} }), added: json({ '<z>': 4 }, 'm/added_tokens.json') },
    {},
  ],
])('%s are read', (_, files, more) => {
  expect(rows(files)).toEqual({ ...OWN, '<s>': 3, ...more });
});

test('tokens are numbered behind the model’s own, whatever the file says, and what is moved is told', () => {
  const added = [
    { ...START, id: 7 },
    { ...START, id: 5, content: '<t>' },
    { ...START, id: 6, content: '' },
  ];
  const read = readTokenizer({ model: MODEL, added_tokens: added }, 'm/tokenizer.json');
  expect(Object.fromEntries(read.vocabulary)).toEqual({ ...OWN, '<s>': 3, '<t>': 4 });
  expect(read.moved).toEqual([
    { content: '<s>', said: 7, row: 3 },
    { content: '<t>', said: 5, row: 4 },
  ]);
  // The count of a model's tokens is what is numbered from, not their last row; what comes later stands behind all.
  const gap = { ...MODEL, vocab: { a: 0, b: 1, c: 9 } };
  const again = [
    { ...START, id: 9, content: 'c' },
    { ...START, id: 10 },
  ];
  expect(rows(config({ pad_token: '<p>' }), again, gap)).toEqual({ a: 0, b: 1, c: 9, '<s>': 3, '<p>': 10 });
});

test('what is said last of a token holds, and a token with a part is special', () => {
  const listed = { 3: { content: '<s>', lstrip: true, special: false }, 4: { content: '<x>' } };
  const files = config({ bos_token: '<s>', eos_token: 'a', added_tokens_decoder: listed });
  expect(readTokenizer({ model: MODEL, added_tokens: [START] }, 'm', extraTokens(files)).added).toEqual([
    { id: 0, content: 'a', ...FLAGS },
    { id: 3, content: '<s>', ...FLAGS, lstrip: true, normalized: true },
    { id: 4, content: '<x>', ...FLAGS, normalized: true, special: false },
  ]);
});

test('beside vocab.json too', () => {
  const files = { added: json({ '<pad>': 3 }, 'm/added_tokens.json') };
  expect(Object.fromEntries(readVocabJson(OWN, 'm/vocab.json', extraTokens(files)).vocabulary)).toEqual({
    ...OWN,
    '<pad>': 3,
  });
});

test.each([
  [[], 'the whole: got a list, wanted an object'],
  [{ added_tokens_decoder: [] }, 'added_tokens_decoder: got a list, wanted an object'],
  [{ added_tokens_decoder: { 3: '<s>' } }, 'added_tokens_decoder["3"]: got "<s>", wanted an object'],
  [{ added_tokens_decoder: { 3: {} } }, 'added_tokens_decoder["3"].content: got undefined, wanted a text'],
  [
    { added_tokens_decoder: { x: { content: '<s>' } } },
    'the number of added_tokens_decoder["x"]: got "x", wanted a row from 0 to 1999999',
  ],
  [{ bos_token: 7 }, 'bos_token: got 7, wanted an object'],
  [{ extra_special_tokens: 'abc' }, 'extra_special_tokens: got "abc", wanted an object'],
  [{ additional_special_tokens: [{ id: 1 }] }, 'additional_special_tokens[0].content: got undefined, wanted a text'],
])('%j is refused with its place', (value, message) => {
  expect(() => extraTokens(config(value))).toThrow(TokenizerError);
  expect(() => extraTokens(config(value))).toThrow(`m/tokenizer_config.json: ${message}`);
});
