/** The tokenizer beside a model's weights: read when it is asked for, and known by a checksum of its tokens before. */
import { sha256Hex } from '../../core/hash.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import type { VocabularyOutline } from '../../formats/checkpoint/outline.ts';
import { parseJson } from '../../formats/json-checks.ts';
import { extraTokens, type JsonFile } from '../../formats/tokenizer/extra-tokens.ts';
import {
  type ExtraTokens,
  inQuotes,
  type Moved,
  readTokenizer,
  readVocabJson,
  type Tokenizer,
  TokenizerError,
} from '../../formats/tokenizer/vocabulary.ts';
import { type Folder, fileNamed } from './folders.ts';
import { type FileProblem, problemOf } from './problems.ts';

/** The largest published ones (Gemma's 262,144 tokens with their merges) have some 33 MB. */
const MAX_TOKENIZER_BYTES = 100_000_000;

export interface TokenizerFiles {
  readonly outline: VocabularyOutline;
  /** Reads the files again: a vocabulary takes some ten megabytes, which is not kept. */
  read(): Promise<Tokenizer>;
}

/** A tokenizer that cannot be read is a note: rows are matched by their number then. */
export async function openTokenizer(
  folder: Folder,
): Promise<{ readonly tokenizer: TokenizerFiles | null; readonly problems: readonly FileProblem[] }> {
  let path = folder.path;
  try {
    const whole = fileNamed(folder, 'tokenizer.json');
    const vocab = whole ?? fileNamed(folder, 'vocab.json');
    if (!vocab) return { tokenizer: null, problems: [] };
    path = vocab.path;
    const read = async () => {
      const [json, more] = await Promise.all([jsonOf(vocab), extraIn(folder)]);
      return whole ? readTokenizer(json, path, more) : readVocabJson(json, path, more);
    };
    const { vocabulary, moved } = await read();
    return {
      tokenizer: { outline: { path, tokens: vocabulary.size, digest: digestOf(vocabulary) }, read },
      problems: movedInWords(moved, path),
    };
  } catch (error) {
    return { tokenizer: null, problems: [{ ...problemOf(path, error), ...inWords(error), kind: 'note' }] };
  }
}

async function extraIn(folder: Folder): Promise<ExtraTokens> {
  const at = async (name: string): Promise<JsonFile | undefined> => {
    const file = fileNamed(folder, name);
    return file && { path: file.path, json: await jsonOf(file) };
  };
  const [config, special, added] = await Promise.all([
    at('tokenizer_config.json'),
    at('special_tokens_map.json'),
    at('added_tokens.json'),
  ]);
  return extraTokens({ ...(config && { config }), ...(special && { special }), ...(added && { added }) });
}

function movedInWords(moved: readonly Moved[], path: string): readonly FileProblem[] {
  const [first] = moved;
  if (!first) return [];
  const more = moved.length > 1 ? ` (and ${moved.length - 1} more)` : '';
  return [
    {
      path,
      kind: 'note',
      message: `${path}: its files say row ${first.said} for ${inQuotes(first.content)}${more}, but added tokens are numbered right behind the others, as transformers numbers them: it is row ${first.row}`,
      todo: 'Where the model was trained with other rows, match its rows by their number.',
    },
  ];
}

const inWords = (error: unknown) =>
  error instanceof TokenizerError
    ? {
        message: `${error.message}; the model is opened without its tokenizer`,
        todo: 'Save the tokenizer again, then drop the folder again.',
      }
    : {};

async function jsonOf(source: ByteSource): Promise<unknown> {
  if (source.size > MAX_TOKENIZER_BYTES)
    throw new TokenizerError(`${source.path}: has ${source.size} bytes, at most ${MAX_TOKENIZER_BYTES} are read`);
  const parsed = parseJson(new TextDecoder().decode(await source.read(0, source.size)));
  if ('refusal' in parsed) throw new TokenizerError(`${source.path}: ${parsed.refusal}`);
  return parsed.json;
}

/** Equal where the same tokens have the same rows, whatever else the files say. */
function digestOf(vocabulary: Tokenizer['vocabulary']): string {
  const inOrder = [...vocabulary].sort(([, a], [, b]) => a - b);
  return sha256Hex(JSON.stringify(inOrder));
}
