/**
 * JSON of a header, to the letter (RFC 8259) and as the format's reference reader takes it. JSON.parse would keep the last of two equal
 * keys without a word and would not tell 1.0 from 1.
 */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject | OtherNumber;

export type JsonObject = ReadonlyMap<string, Json>;

/** A number that is not written as a whole one from 0 on: signs, fractions and exponents, "-0" and "1.0" included. */
export interface OtherNumber {
  readonly number: string;
}

export interface JsonLimits {
  /** Objects and lists in each other. */
  readonly depth: number;
  /** Values in all: what is kept takes some hundred times the bytes of the shortest text. */
  readonly values: number;
}

export class JsonError extends Error {
  override name = 'JsonError';
}

/** @throws JsonError saying what is wrong, and where in the text */
export function parseStrictJson(text: string, limits: JsonLimits): Json {
  const reader: Reader = { text, at: 0, left: limits.values };
  skipSpace(reader);
  const value = readValue(reader, limits.depth);
  skipSpace(reader);
  if (reader.at < text.length) fail(reader, 'the end');
  return value;
}

interface Reader {
  readonly text: string;
  at: number;
  /** Values that may still come. */
  left: number;
}

/** @param depth how many objects and lists may still be opened */
function readValue(reader: Reader, depth: number): Json {
  if (reader.left-- === 0) throw new JsonError(`has more values than are read, at position ${reader.at}`);
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader, nested(reader, depth));
    case '[':
      return readList(reader, nested(reader, depth));
    case '"':
      return readString(reader);
    case 't':
      return readWord(reader, 'true', true);
    case 'f':
      return readWord(reader, 'false', false);
    case 'n':
      return readWord(reader, 'null', null);
    default:
      return readNumber(reader);
  }
}

function nested(reader: Reader, depth: number): number {
  if (depth === 0) throw new JsonError(`is nested too deeply, at position ${reader.at}`);
  return depth - 1;
}

function readObject(reader: Reader, depth: number): JsonObject {
  const members = new Map<string, Json>();
  for (let last = opens(reader, '}'); !last; last = closes(reader, '}')) {
    if (reader.text[reader.at] !== '"') fail(reader, 'a name in quotes');
    const name = readString(reader);
    if (members.has(name)) throw new JsonError(`${name}: named twice in the header`);
    skipSpace(reader);
    if (reader.text[reader.at] !== ':') fail(reader, '":"');
    reader.at++;
    skipSpace(reader);
    members.set(name, readValue(reader, depth));
  }
  return members;
}

function readList(reader: Reader, depth: number): Json[] {
  const values: Json[] = [];
  for (let last = opens(reader, ']'); !last; last = closes(reader, ']')) values.push(readValue(reader, depth));
  return values;
}

/** Steps into an object or list; whether it is empty. */
function opens(reader: Reader, end: string): boolean {
  reader.at++;
  skipSpace(reader);
  if (reader.text[reader.at] !== end) return false;
  reader.at++;
  return true;
}

/** Steps behind a member; whether it was the last. */
function closes(reader: Reader, end: string): boolean {
  skipSpace(reader);
  const next = reader.text[reader.at];
  if (next !== ',' && next !== end) fail(reader, `"," or "${end}"`);
  reader.at++;
  skipSpace(reader);
  return next === end;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
/** Half of a character beyond the first 65,536, which no UTF-8 text can hold. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function readString(reader: Reader): string {
  const { text, at: start } = reader;
  let escaped = false;
  let at = start + 1;
  for (; ; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) break;
    // NaN behind the end of the text, too.
    if (!(code >= FIRST_PRINTABLE)) {
      reader.at = at;
      fail(reader, 'the end of a string');
    }
    if (code === BACKSLASH) {
      escaped = true;
      at++;
    }
  }
  reader.at = at + 1;
  return escaped ? unescaped(text.slice(start, at + 1), start) : text.slice(start + 1, at);
}

function unescaped(quoted: string, at: number): string {
  let value: unknown;
  try {
    value = JSON.parse(quoted);
  } catch {
    throw new JsonError(`has a string with an escape that JSON does not have, at position ${at}`);
  }
  if (typeof value !== 'string' || LONE_SURROGATE.test(value))
    throw new JsonError(`has a string with half a character, at position ${at}`);
  return value;
}

function readWord<T>(reader: Reader, word: string, value: T): T {
  if (!reader.text.startsWith(word, reader.at)) fail(reader, 'a value');
  reader.at += word.length;
  return value;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WHOLE = /^[0-9]{1,16}$/;

function readNumber(reader: Reader): number | OtherNumber {
  NUMBER.lastIndex = reader.at;
  const [number] = NUMBER.exec(reader.text) ?? [];
  if (number === undefined) return fail(reader, 'a value');
  if (!Number.isFinite(Number(number))) throw new JsonError(`has a number out of range, at position ${reader.at}`);
  reader.at += number.length;
  const value = Number(number);
  return WHOLE.test(number) && Number.isSafeInteger(value) ? value : { number };
}

function skipSpace(reader: Reader): void {
  for (; ; reader.at++) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
  }
}

function fail({ text, at }: Reader, wanted: string): never {
  const got = at < text.length ? JSON.stringify(text[at]) : 'the end';
  throw new JsonError(`got ${got} at position ${at}, wanted ${wanted}`);
}

const LONGEST = 80;
const MOST = 10;

/** The value as it was written, for messages; cut where it is long or deep. */
export function inWords(value: Json | undefined, depth = 2): string {
  if (value instanceof Map) {
    const members = [...value].slice(0, MOST);
    return depth === 0
      ? '{…}'
      : listed(
          '{',
          members.map(([key, each]) => `${JSON.stringify(key.slice(0, LONGEST))}:${inWords(each, depth - 1)}`),
          value.size,
          '}',
        );
  }
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST).map((each: Json) => inWords(each, depth - 1));
    return depth === 0 ? '[…]' : listed('[', items, value.length, ']');
  }
  if (typeof value === 'object' && value !== null && 'number' in value) return value.number.slice(0, LONGEST);
  const text = typeof value === 'string' ? value.slice(0, LONGEST) : value;
  return text === undefined ? 'nothing' : JSON.stringify(text);
}

const listed = (open: string, items: readonly string[], count: number, close: string): string =>
  `${open}${items.join(',')}${count > items.length ? `,… (${count} in all)` : ''}${close}`;
