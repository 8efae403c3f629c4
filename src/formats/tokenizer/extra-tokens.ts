/**
 * Tokens that the files beside tokenizer.json add to it, as transformers 5 adds them where it opens a model (so mergekit too): what
 * tokenizer_config.json lists, then every token that it gives a part (bos_token, pad_token …) and that is not there yet. Where it lists
 * none, special_tokens_map.json and added_tokens.json are asked, as older versions wrote them.
 */
import {
  type ExtraTokens,
  inQuotes,
  MAX_TOKENS,
  type NewToken,
  objectAt,
  rowAt,
  TokenizerError,
  wrong,
} from './vocabulary.ts';

export interface JsonFile {
  /** For messages. */
  readonly path: string;
  readonly json: unknown;
}

/** Of one folder, where they are there. */
export interface FilesBeside {
  /** tokenizer_config.json */
  readonly config?: JsonFile;
  /** special_tokens_map.json */
  readonly special?: JsonFile;
  /** added_tokens.json */
  readonly added?: JsonFile;
}

type Flags = Omit<NewToken, 'content' | 'said'>;
type Dictionary = Readonly<Record<string, unknown>>;

const PARTS: readonly string[] = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
];

/** Says how an added token is by what is said of it; nothing said is false. */
const flagsOf = (one: Dictionary, special: boolean): Flags => {
  const flag = (name: string, otherwise: boolean) => (typeof one[name] === 'boolean' ? one[name] : otherwise);
  return {
    single_word: flag('single_word', false),
    lstrip: flag('lstrip', false),
    rstrip: flag('rstrip', false),
    normalized: flag('normalized', !special),
    special,
  };
};

/** @throws TokenizerError */
export function extraTokens({ config, special, added }: FilesBeside): ExtraTokens {
  const told = config ? objectAt(config.json, config.path, 'the whole') : {};
  const list = told.added_tokens_decoder;
  const legacy = list === undefined || list === null;
  const whole = legacy && special ? { ...told, ...objectAt(special.json, special.path, 'the whole') } : told;
  const path = (legacy && special ? special : config)?.path ?? '';
  const parts = partsIn(whole, path);
  const isSpecial = new Set(parts.map(({ content }) => content));
  const listed =
    !legacy && config
      ? listedIn(objectAt(list, config.path, 'added_tokens_decoder'), config.path)
      : added
        ? numberedIn(added, isSpecial)
        : [];
  const inOrder = [...listed].sort((a, b) => (a.said ?? 0) - (b.said ?? 0));
  return { listed: inOrder.map((one) => (isSpecial.has(one.content) ? { ...one, special: true } : one)), parts };
}

function listedIn(list: Dictionary, path: string): NewToken[] {
  return entriesOf(list, path).map(([row, entry]) => {
    const where = `added_tokens_decoder[${inQuotes(row)}]`;
    const one = objectAt(entry, path, where);
    const said = rowAt(/^\d+$/.test(row) ? Number(row) : row, path, `the number of ${where}`);
    return { ...flagsOf(one, one.special === true), content: textAt(one.content, path, `${where}.content`), said };
  });
}

function numberedIn({ json, path }: JsonFile, isSpecial: ReadonlySet<string>): NewToken[] {
  return entriesOf(objectAt(json, path, 'the whole'), path).map(([content, row]) => {
    const said = rowAt(row, path, inQuotes(content));
    return { ...flagsOf({}, isSpecial.has(content)), content, said };
  });
}

/** Every token with a part of its own, named parts first, then those of a kind of model, then those without a name. */
function partsIn(told: Dictionary, path: string): readonly NewToken[] {
  const named = PARTS.map((name): readonly [string, unknown] => [name, told[name]]);
  const own = Object.entries(told).filter(([name]) => name.endsWith('_token') && !PARTS.includes(name));
  const more = told.extra_special_tokens ?? told.additional_special_tokens ?? [];
  const where = told.extra_special_tokens == null ? 'additional_special_tokens' : 'extra_special_tokens';
  const list: readonly (readonly [string, unknown])[] = Array.isArray(more)
    ? more.map((one, i) => [`${where}[${i}]`, one])
    : entriesOf(objectAt(more, path, where), path);
  // Settings like "add_bos_token": true end alike.
  const texts = own.filter(([, value]) => typeof value !== 'boolean');
  const found = new Map<string, NewToken>();
  for (const [name, value] of [...named, ...texts, ...list]) {
    if (value === undefined || value === null) continue;
    const one = typeof value === 'string' ? { content: value } : objectAt(value, path, name);
    const content = textAt(one.content, path, `${name}.content`);
    if (!found.has(content)) found.set(content, { ...flagsOf(one, true), content, said: null });
  }
  return [...found.values()];
}

function entriesOf(list: Dictionary, path: string): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(list);
  if (entries.length <= MAX_TOKENS) return entries;
  throw new TokenizerError(`${path}: has ${entries.length} tokens, at most ${MAX_TOKENS} are read`);
}

function textAt(value: unknown, path: string, where: string): string {
  if (typeof value === 'string') return value;
  throw wrong(path, where, value, 'a text');
}
