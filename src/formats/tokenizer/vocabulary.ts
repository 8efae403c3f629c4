/** Which token each row of an embedding stands for, as a tokenizer's files say it: tokenizer.json or vocab.json. */

import * as v from 'valibot';
import { dictionary } from '../json-checks.ts';

/** Token → row. */
export type Vocabulary = ReadonlyMap<string, number>;

/** An entry of `added_tokens`: how the text is cut around it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** A token that is to be added. */
export interface NewToken extends Omit<AddedToken, 'id'> {
  /** The row that a file says; null where it says none. */
  readonly said: number | null;
}

export interface Tokenizer {
  readonly vocabulary: Vocabulary;
  /** Tokens beside the model's own, in the order of their rows. */
  readonly added: readonly AddedToken[];
  /** Of them, by content, those that have a part: a tokenizer that is opened again has them, whether they have rows or not. */
  readonly parts: ReadonlySet<string>;
  /** Added tokens for which the files say another row than they get. */
  readonly moved: readonly Moved[];
  /** The whole of tokenizer.json, unchecked but for what is read here; null of a vocab.json. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

export interface Moved {
  readonly content: string;
  readonly said: number;
  readonly row: number;
}

/** What the files beside a tokenizer add to it. */
export interface ExtraTokens {
  /** In the order of the numbers that the files say. */
  readonly listed: readonly NewToken[];
  /** Are added where nothing else has added them. */
  readonly parts: readonly NewToken[];
}

const NO_MORE: ExtraTokens = { listed: [], parts: [] };

/** The largest published vocabularies have some 260,000 tokens. */
export const MAX_TOKENS = 2_000_000;

/** Names file, place, got and wanted. */
export class TokenizerError extends Error {
  override name = 'TokenizerError';
}

/**
 * @param path of the file, for messages
 * @param more what the files beside it add
 * @throws TokenizerError
 */
export function readTokenizer(json: unknown, path: string, more: ExtraTokens = NO_MORE): Tokenizer {
  const root = objectAt(json, path, 'the whole');
  const own = modelVocabulary(objectAt(root.model, path, 'model'), path);
  return { ...withAdded(own, addedIn(root.added_tokens, path), more, path), json: root };
}

/** GPT-2's way: token → row. */
export function readVocabJson(json: unknown, path: string, more: ExtraTokens = NO_MORE): Tokenizer {
  const rows = rowsIn(objectAt(json, path, 'the whole'), path, 'the whole');
  return { ...withAdded({ rows, size: rows.size }, [], more, path), json: null };
}

/** As tokenizers add a word of which nothing else is said. */
export const plainToken = (content: string, id: number): AddedToken => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: true,
  special: false,
});

interface OwnTokens {
  readonly rows: Map<string, number>;
  /** Tokens that the model counts: added ones are numbered from here. */
  readonly size: number;
}

function modelVocabulary({ vocab }: Readonly<Record<string, unknown>>, path: string): OwnTokens {
  if (!Array.isArray(vocab)) {
    const own = rowsIn(objectAt(vocab, path, 'model.vocab'), path, 'model.vocab');
    return { rows: own, size: own.size };
  }
  // Unigram: pieces with their scores, the row is the place in the list.
  const pieces: readonly unknown[] = vocab;
  bounded(pieces.length, path, 'model.vocab');
  const rows = new Map<string, number>();
  for (const [row, piece] of pieces.entries()) {
    const token: unknown = Array.isArray(piece) ? piece[0] : undefined;
    if (typeof token !== 'string') throw wrong(path, `model.vocab[${row}]`, piece, '[token, score]');
    rows.set(token, row);
  }
  return { rows, size: pieces.length };
}

function rowsIn(vocab: Readonly<Record<string, unknown>>, path: string, where: string): Map<string, number> {
  const entries = Object.entries(vocab);
  bounded(entries.length, path, where);
  const rows = new Map<string, number>();
  for (const [token, row] of entries) rows.set(token, rowAt(row, path, `${where}: ${inQuotes(token)}`));
  return rows;
}

function addedIn(list: unknown, path: string): readonly NewToken[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw wrong(path, 'added_tokens', list, 'a list');
  const entries: readonly unknown[] = list;
  bounded(entries.length, path, 'added_tokens');
  return entries.map((entry, i) => {
    const where = `added_tokens[${i}]`;
    const one = objectAt(entry, path, where);
    const { content } = one;
    if (typeof content !== 'string') throw wrong(path, `${where}.content`, content, 'a text');
    const { id: said, ...plain } = plainToken(content, rowAt(one.id, path, `${where}.id`));
    const flag = (name: 'single_word' | 'lstrip' | 'rstrip' | 'normalized' | 'special') =>
      typeof one[name] === 'boolean' ? one[name] : plain[name];
    return {
      content,
      said,
      single_word: flag('single_word'),
      lstrip: flag('lstrip'),
      rstrip: flag('rstrip'),
      normalized: flag('normalized'),
      special: flag('special'),
    };
  });
}

/** As the tokenizers library numbers what is added, whatever the files say: behind the model's own tokens, then behind all. */
function withAdded(own: OwnTokens, inFile: readonly NewToken[], { listed, parts }: ExtraTokens, path: string) {
  const vocabulary = own.rows;
  const added = new Map<string, AddedToken>();
  const moved = new Map<string, Moved>();
  const add = (tokens: readonly NewToken[]) => {
    let next = own.size;
    for (const { id } of added.values()) next = Math.max(next, id + 1);
    for (const { said, ...token } of tokens) {
      const { content } = token;
      if (content === '') continue;
      const id = vocabulary.get(content) ?? next++;
      vocabulary.set(content, id);
      added.set(content, { id, ...token });
      if (said !== null && said !== id) moved.set(content, { content, said, row: id });
    }
  };
  add(inFile);
  const there = new Set([...added.keys(), ...listed.map(({ content }) => content)]);
  add([...listed, ...parts.filter(({ content }) => !there.has(content))]);
  const inOrder = [...added.values()].sort((a, b) => a.id - b.id);
  const ofParts = new Set(parts.map(({ content }) => content));
  return { vocabulary: checked(vocabulary, path), added: inOrder, parts: ofParts, moved: [...moved.values()] };
}

export function rowAt(value: unknown, path: string, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_TOKENS) return value;
  throw wrong(path, where, value, `a row from 0 to ${MAX_TOKENS - 1}`);
}

function bounded(count: number, path: string, where: string): void {
  if (count > MAX_TOKENS)
    throw new TokenizerError(`${path}: ${where}: has ${count} tokens, at most ${MAX_TOKENS} are read`);
}

/** No row stands for two tokens. */
function checked(vocabulary: Vocabulary, path: string): Vocabulary {
  if (vocabulary.size === 0) throw new TokenizerError(`${path}: holds no tokens`);
  bounded(vocabulary.size, path, 'the whole');
  const owners = new Map<number, string>();
  for (const [token, row] of vocabulary) {
    const owner = owners.get(row);
    if (owner !== undefined)
      throw new TokenizerError(
        `${path}: row ${row} stands for ${inQuotes(owner)} and for ${inQuotes(token)}, wanted one token`,
      );
    owners.set(row, token);
  }
  return vocabulary;
}

export function objectAt(value: unknown, path: string, where: string): Readonly<Record<string, unknown>> {
  if (v.is(dictionary, value)) return value;
  throw wrong(path, where, value, 'an object');
}

const LONGEST = 60;

/** A token or value as a message shows it. */
export function inQuotes(token: string): string {
  return JSON.stringify(token.length > LONGEST ? `${token.slice(0, LONGEST)}…` : token);
}

export function wrong(path: string, where: string, got: unknown, wanted: string): TokenizerError {
  const shown =
    typeof got === 'string' ? inQuotes(got) : typeof got === 'object' && got !== null ? kindOf(got) : String(got);
  return new TokenizerError(`${path}: ${where}: got ${shown}, wanted ${wanted}`);
}

const kindOf = (value: object): string => (Array.isArray(value) ? 'a list' : 'an object');
