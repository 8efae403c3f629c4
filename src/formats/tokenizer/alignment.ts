/**
 * One vocabulary for models whose tokenizers differ: which token each row of the merged embedding stands for, and which row of each
 * model that is. The rule is mergekit 0.1.5's (tokenizer/build.py, tokenizer/embed.py).
 */
import { type AddedToken, inQuotes, MAX_TOKENS, plainToken, type Tokenizer, TokenizerError } from './vocabulary.ts';

export interface TokenModel {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Null where none lies with the model: it is taken to have the base's. */
  readonly tokenizer: Tokenizer | null;
  /** Rows that its embeddings have; tokens beyond them are not used. */
  readonly rows: number;
}

/** Where the row of a token comes from in models that lack it. */
export type TokenSource =
  | { readonly kind: 'zero' }
  /** The same token of one model. */
  | { readonly kind: 'model'; readonly model: string }
  /** Another row of one model, by its token or its number. */
  | { readonly kind: 'row'; readonly model: string; readonly token: string | number };

export interface TokenSetting {
  /** Null where none is said: it has to be there where a row is lacking. */
  readonly source: TokenSource | null;
  /** In all models, also in those that have the token. */
  readonly force: boolean;
}

export interface AlignmentRequest {
  /** Of `models`; the first one where it is null. */
  readonly base: string | null;
  /** In the order in which they are merged. */
  readonly models: readonly TokenModel[];
  /** Whose tokens the merged model has: the base's, those of all, or another tokenizer's. */
  readonly source: 'union' | 'base' | Tokenizer;
  readonly tokens: ReadonlyMap<string, TokenSetting>;
  /** The rows are made a multiple of this; null where nothing is said. */
  readonly padTo: number | null;
}

export interface Alignment {
  /** Of the merged embedding. */
  readonly rows: number;
  /** By row; what is behind them is padding. */
  readonly tokens: readonly string[];
  /** By model: the row of each token in it, −1 where it lacks the token. */
  readonly own: ReadonlyMap<string, Int32Array>;
  /** By row, where something was said about its token. */
  readonly said: ReadonlyMap<number, Said>;
  /** tokenizer.json of the merged model; null where the files told tokens in another form. */
  readonly tokenizer: Readonly<Record<string, unknown>> | null;
  readonly base: string | null;
  /** Other where more was said than whose tokens. */
  readonly source: 'union' | 'base' | 'other';
}

export interface Said {
  readonly force: boolean;
  /** Null where a row that is lacking cannot be had. */
  readonly from: { readonly model: string; readonly row: number } | 'zero' | null;
}

interface Output {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Entries of `added_tokens` that the tokenizer gets. */
  readonly appended: readonly AddedToken[];
  readonly from: Tokenizer;
  /** Tokens of `from` from this row on are left out. */
  readonly limit: number;
}

/** @throws TokenizerError where the tokens cannot be matched */
export function alignVocabularies(request: AlignmentRequest): Alignment {
  const { models, padTo, tokens: settings } = request;
  const base = models.find(({ id }) => id === request.base) ?? models[0];
  if (!base?.tokenizer)
    throw new TokenizerError(
      `${base?.name ?? 'the base'}: has no tokenizer.json beside its weights, which tokens are matched by`,
    );
  const output = withTokens(outputOf(request, { ...base, tokenizer: base.tokenizer }), settings.keys());
  const tokens = byRow(output.vocabulary, typeof request.source === 'string' ? base.name : 'the asked tokenizer');
  const own = new Map(
    models.map(({ id, tokenizer, rows }) => [id, rowsOf(tokens, (tokenizer ?? base.tokenizer)?.vocabulary, rows)]),
  );
  const known = new Map(models.map((model) => [model.id, model.tokenizer ?? base.tokenizer]));
  const said = new Map<number, Said>();
  for (const [token, { source, force }] of settings) {
    const row = output.vocabulary.get(token) ?? -1;
    said.set(row, { force, from: source && placeOf(source, { token, row, own, known, models }) });
  }
  const plain = settings.size === 0 && padTo === null;
  const source = typeof request.source === 'string' && plain ? request.source : 'other';
  const rows = padTo === null ? tokens.length : Math.ceil(tokens.length / padTo) * padTo;
  return { rows, tokens, own, said, tokenizer: tokenizerJson(output), base: request.base, source };
}

// ---------------------------------------------------------------- the merged vocabulary

type Based = TokenModel & { readonly tokenizer: Tokenizer };

function outputOf({ source, models }: AlignmentRequest, base: Based): Output {
  if (source !== 'union' && source !== 'base')
    return { vocabulary: source.vocabulary, appended: [], from: source, limit: MAX_TOKENS };
  const vocabulary = new Map([...base.tokenizer.vocabulary].filter(([, row]) => row < base.rows));
  const plain: Output = { vocabulary, appended: [], from: base.tokenizer, limit: base.rows };
  if (source === 'base') return plain;
  const { added, parts } = base.tokenizer;
  const kept = appendedTo(
    plain,
    added.filter(({ content }) => parts.has(content)),
  );
  return unionOf(kept, [base, ...models.filter(({ id }) => id !== base.id)]);
}

/** Behind the base's, with its parts that have no row: tokens of the models' own first, in the order of their rows, then those that were added to them. */
function unionOf(output: Output, models: readonly TokenModel[]): Output {
  const added = new Map<string, AddedToken>();
  const plain = new Set<string>();
  for (const { tokenizer, rows } of models) {
    if (!tokenizer) continue;
    const own = new Set(tokenizer.added.map(({ content }) => content));
    const inOrder = [...tokenizer.vocabulary].filter(([, row]) => row < rows).sort(([, a], [, b]) => a - b);
    for (const [token] of inOrder) if (!own.has(token)) plain.add(token);
    for (const one of tokenizer.added) if (one.id < rows && !added.has(one.content)) added.set(one.content, one);
  }
  const more = [...plain].filter((token) => !added.has(token) && !output.vocabulary.has(token));
  return appendedTo(output, [...more.map((token) => plainToken(token, -1)), ...added.values()]);
}

function withTokens(output: Output, tokens: Iterable<string>): Output {
  const fresh = [...tokens].filter((token) => !output.vocabulary.has(token));
  return appendedTo(
    output,
    fresh.map((token) => plainToken(token, -1)),
  );
}

/** As the tokenizers library numbers what is added: behind its own tokens and behind all that was added before. */
function appendedTo(output: Output, tokens: readonly AddedToken[]): Output {
  const vocabulary = new Map(output.vocabulary);
  const used = output.from.added.filter(({ id }) => id < output.limit);
  const known = new Set([...used, ...output.appended].map(({ content }) => content));
  const appended = [...output.appended];
  let next = 0;
  for (const row of vocabulary.values()) next = Math.max(next, row + 1);
  for (const token of tokens) {
    if (known.has(token.content)) continue;
    const id = vocabulary.get(token.content) ?? next++;
    vocabulary.set(token.content, id);
    appended.push({ ...token, id });
  }
  return { ...output, vocabulary, appended };
}

/** @throws TokenizerError where a row stands for no token: nothing says what it should hold */
function byRow(vocabulary: ReadonlyMap<string, number>, whose: string): readonly string[] {
  const tokens: (string | undefined)[] = new Array(vocabulary.size);
  for (const [token, row] of vocabulary) if (row < tokens.length) tokens[row] = token;
  return Array.from(tokens, (token, row) => {
    if (token !== undefined) return token;
    throw new TokenizerError(
      `${whose}: no token has row ${row}, so nothing says what that row of the merge should hold: number its tokens without gaps, take another model as the base, or match rows by their number`,
    );
  });
}

// ---------------------------------------------------------------- the models' rows

function rowsOf(
  tokens: readonly string[],
  vocabulary: ReadonlyMap<string, number> | undefined,
  rows: number,
): Int32Array {
  return Int32Array.from(tokens, (token) => {
    const row = vocabulary?.get(token) ?? -1;
    return row < rows ? row : -1;
  });
}

interface Asked {
  readonly token: string;
  readonly row: number;
  readonly own: ReadonlyMap<string, Int32Array>;
  readonly known: ReadonlyMap<string, Tokenizer | null>;
  readonly models: readonly TokenModel[];
}

function placeOf(source: TokenSource, { token, row, own, known, models }: Asked): NonNullable<Said['from']> {
  if (source.kind === 'zero') return 'zero';
  const model = models.find(({ id }) => id === source.model);
  if (!model) throw new TokenizerError(`tokens: ${inQuotes(token)}: its source is not among the merged models`);
  const wanted = source.kind === 'model' ? token : source.token;
  const found =
    typeof wanted === 'number'
      ? wanted
      : source.kind === 'model'
        ? (own.get(model.id)?.[row] ?? -1)
        : (known.get(model.id)?.vocabulary.get(wanted) ?? -1);
  if (found >= 0 && found < model.rows) return { model: model.id, row: found };
  const what = typeof wanted === 'number' ? `row ${wanted} of ${model.rows}` : `token ${inQuotes(wanted)}`;
  throw new TokenizerError(`tokens: ${inQuotes(token)}: ${model.name} has no ${what}`);
}

/** Rows of models that a row is the mean of; none where it is 0. */
export type Origins = readonly { readonly model: string; readonly row: number }[];

/**
 * What fills the rows that some of these models lack (or are told to have otherwise), by row: the base's row where it has one, else the
 * mean of the models that have one.
 * @param models that have the tensor, in their order
 * @throws TokenizerError where a source was said that cannot be had
 */
export function fillings(
  { own, said, tokens, base }: Alignment,
  models: readonly string[],
): ReadonlyMap<number, Origins> {
  const rows = models.flatMap((model) => own.get(model) ?? []);
  const found = new Map<number, Origins>();
  for (const [row, token] of tokens.entries()) {
    const asked = said.get(row);
    if (!asked?.force && rows.every((each) => (each[row] ?? -1) >= 0)) continue;
    if (asked) {
      const { from } = asked;
      if (from === null)
        throw new TokenizerError(`tokens: ${inQuotes(token)}: says no source, and not every model has the token`);
      if (from !== 'zero' && !models.includes(from.model))
        throw new TokenizerError(`tokens: ${inQuotes(token)}: its source has no such tensor`);
      found.set(row, from === 'zero' ? [] : [from]);
      continue;
    }
    const holders = models.flatMap((model, i) => {
      const at = rows[i]?.[row] ?? -1;
      return at >= 0 ? [{ model, row: at }] : [];
    });
    const ofBase = holders.filter(({ model }) => model === base);
    found.set(row, ofBase.length > 0 ? ofBase : holders);
  }
  return found;
}

// ---------------------------------------------------------------- its file

/** The tokenizer that the tokens come from, without what is not used and with what is added. */
function tokenizerJson({ from, limit, appended }: Output): Alignment['tokenizer'] {
  const { json, added } = from;
  if (!json) return null;
  const kept = added.filter(({ id }) => id < limit);
  return { ...json, model: withoutUnused(json.model, from, limit), added_tokens: [...kept, ...appended] };
}

function withoutUnused(model: unknown, { vocabulary }: Tokenizer, limit: number): unknown {
  const unused = new Set([...vocabulary].flatMap(([token, row]) => (row < limit ? [] : [token])));
  if (unused.size === 0 || typeof model !== 'object' || model === null) return model;
  const { vocab, merges, ...rest }: { vocab?: unknown; merges?: unknown } = model;
  const left =
    typeof vocab === 'object' && vocab !== null && !Array.isArray(vocab)
      ? Object.fromEntries(Object.entries(vocab).filter(([token]) => !unused.has(token)))
      : Array.isArray(vocab)
        ? vocab.slice(0, limit)
        : vocab;
  const partsOf = (merge: unknown): readonly unknown[] =>
    typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  const used = Array.isArray(merges)
    ? {
        merges: merges.filter(
          (merge) => partsOf(merge).every((part) => !unused.has(String(part))) && !unused.has(partsOf(merge).join('')),
        ),
      }
    : {};
  return { ...rest, vocab: left, ...used };
}
