/** Models whose tokenizers differ: dropped as folders, matched by token as chosen in words, downloaded with the tokenizer of the merge. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { extraTokens } from '../src/formats/tokenizer/extra-tokens.ts';
import { readTokenizer } from '../src/formats/tokenizer/vocabulary.ts';
import { expect, test } from './studio.ts';

const FIXTURES = 'src/cli/studio/fixtures/tokens';
const TABLE = 'model.embed_tokens.weight';

type Rows = ReadonlyMap<string, readonly number[]>;

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Rows of the embeddings by their tokens. */
function rowsOf(weights: Uint8Array, tokenizer: unknown, config?: unknown): Rows {
  const table = readSafetensors(weights, 'model').tensors.get(TABLE);
  if (!table) throw new Error('no embeddings');
  const values = toFloat32(table);
  const columns = table.shape[1] ?? 0;
  const more = extraTokens(config === undefined ? {} : { config: { path: 'tokenizer_config.json', json: config } });
  const { vocabulary } = readTokenizer(tokenizer, 'tokenizer.json', more);
  return new Map(
    Array.from(vocabulary, ([token, row]) => [token, [...values.subarray(row * columns, (row + 1) * columns)]]),
  );
}

const fixture = (name: string): Rows =>
  rowsOf(
    readFileSync(join(FIXTURES, name, 'model.safetensors')),
    json(join(FIXTURES, name, 'tokenizer.json')),
    json(join(FIXTURES, name, 'tokenizer_config.json')),
  );

test('tokenizers that differ: rows are merged by token, and the merge’s own tokenizer comes with them', async ({
  studio,
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  for (const name of ['base', 'extra']) cpSync(join(FIXTURES, name), join(folder, name), { recursive: true });
  await studio.open('?samples=16');
  await page.getByRole('button', { name: 'Measurements of' }).first().click();
  await expect(page.getByText('nothing')).toBeVisible();
});
