/** Which token each row of an embedding stands for, as a tokenizer's files say it: tokenizer.json, or vocab.json and added_tokens.json. */

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

export interface Tokenizer {
  readonly vocabulary: Vocabulary;
  /** Tokens beside the model's own, in the order of their rows. */
  readonly added: readonly AddedToken[];
  /** The whole of tokenizer.json, unchecked but for what is read here; null of a vocab.json. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

/** The largest published vocabularies have some 260,000 tokens. */
export const MAX_TOKENS = 2_000_000;

/** Names file, place, got and wanted. */
export class TokenizerError extends Error {
  override name = 'TokenizerError';
}

/** @param path of the file, for messages; @throws TokenizerError */
export function readTokenizer(json: unknown, path: string): Tokenizer {
  const root = objectAt(json, path, 'the whole');
  const model = objectAt(root.model, path, 'model');
  const vocabulary = modelVocabulary(model, path);
  const added = addedIn(root.added_tokens, vocabulary, path);
  for (const { content, id } of added) vocabulary.set(content, id);
  return { vocabulary: checked(vocabulary, path), added, json: root };
}

/** GPT-2's way: token → row in vocab.json, more of the same kind in added_tokens.json. */
export function readVocabJson(json: unknown, more: unknown, path: string): Tokenizer {
  const vocabulary = rowsIn(objectAt(json, path, 'the whole'), path, 'the whole');
  const extra = more == null ? [] : rowsIn(objectAt(more, path, 'added_tokens.json'), path, 'added_tokens.json');
  const added = Array.from(extra, ([content, id]) => plainToken(content, id)).sort((a, b) => a.id - b.id);
  for (const { content, id } of added) vocabulary.set(content, id);
  return { vocabulary: checked(vocabulary, path), added, json: null };
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

function modelVocabulary(model: Readonly<Record<string, unknown>>, path: string): Map<string, number> {
  const { vocab } = model;
  if (!Array.isArray(vocab)) return rowsIn(objectAt(vocab, path, 'model.vocab'), path, 'model.vocab');
  // Unigram: pieces with their scores, the row is the place in the list.
  const pieces: readonly unknown[] = vocab;
  bounded(pieces.length, path, 'model.vocab');
  const rows = new Map<string, number>();
  for (const [row, piece] of pieces.entries()) {
    const token: unknown = Array.isArray(piece) ? piece[0] : undefined;
    if (typeof token !== 'string') throw wrong(path, `model.vocab[${row}]`, piece, '[token, score]');
    if (!rows.has(token)) rows.set(token, row);
  }
  return rows;
}

function rowsIn(vocab: Readonly<Record<string, unknown>>, path: string, where: string): Map<string, number> {
  const entries = Object.entries(vocab);
  bounded(entries.length, path, where);
  const rows = new Map<string, number>();
  for (const [token, row] of entries) rows.set(token, rowAt(row, path, `${where}: ${inQuotes(token)}`));
  return rows;
}

function addedIn(list: unknown, vocabulary: Vocabulary, path: string): AddedToken[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw wrong(path, 'added_tokens', list, 'a list');
  const entries: readonly unknown[] = list;
  bounded(entries.length, path, 'added_tokens');
  const byContent = new Map<string, AddedToken>();
  for (const [i, entry] of entries.entries()) {
    const where = `added_tokens[${i}]`;
    const one = objectAt(entry, path, where);
    const { content } = one;
    if (typeof content !== 'string') throw wrong(path, `${where}.content`, content, 'a text');
    const plain = plainToken(content, vocabulary.get(content) ?? rowAt(one.id, path, `${where}.id`));
    const flag = (name: 'single_word' | 'lstrip' | 'rstrip' | 'normalized' | 'special') =>
      typeof one[name] === 'boolean' ? one[name] : plain[name];
    byContent.set(content, {
      ...plain,
      single_word: flag('single_word'),
      lstrip: flag('lstrip'),
      rstrip: flag('rstrip'),
      normalized: flag('normalized'),
      special: flag('special'),
    });
  }
  return [...byContent.values()].sort((a, b) => a.id - b.id);
}

function rowAt(value: unknown, path: string, where: string): number {
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

function objectAt(value: unknown, path: string, where: string): Readonly<Record<string, unknown>> {
  if (v.is(dictionary, value)) return value;
  throw wrong(path, where, value, 'an object');
}

const LONGEST = 60;

/** A token or value as a message shows it. */
export function inQuotes(token: string): string {
  return JSON.stringify(token.length > LONGEST ? `${token.slice(0, LONGEST)}…` : token);
}

function wrong(path: string, where: string, got: unknown, wanted: string): TokenizerError {
  const shown =
    typeof got === 'string' ? inQuotes(got) : typeof got === 'object' && got !== null ? kindOf(got) : String(got);
  return new TokenizerError(`${path}: ${where}: got ${shown}, wanted ${wanted}`);
}

const kindOf = (value: object): string => (Array.isArray(value) ? 'a list' : 'an object');
