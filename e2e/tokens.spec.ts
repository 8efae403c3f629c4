/** Models whose tokenizers differ: dropped as folders, matched by token as chosen in words, downloaded with the tokenizer of the merge. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { extraTokens } from '../src/formats/tokenizer/extra-tokens.ts';
import { readTokenizer } from '../src/formats/tokenizer/vocabulary.ts';
import { download, handed, merge, merged } from './own-files.ts';
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
  await studio.open('?samples=16#files');
  await page.getByLabel('Choose a folder …').setInputFiles(folder);
  await expect(page.getByText('The vocabularies differ')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Merge', exact: true })).toBeDisabled();
  // Numbers that tokenizer_config.json says and that nobody counts by are told of.
  await expect(page.getByText('its files say row 20 for "<chat>" (and 1 more)')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'the base’s tokens' })).toBeVisible();
  await page.getByRole('radio', { name: 'all tokens' }).check();
  await expect(page.getByText('the merged model has 18 rows').first()).toBeVisible();
  await studio.type('λ of extra', '0.5');
  await merge(page);
  const weights = await download(page);
  const tokenizer: unknown = JSON.parse(
    (await handed(page, page.getByRole('button', { name: 'tokenizer.json' }))).toString('utf8'),
  );
  await expect(page.getByText('Put it beside the merged weights, and set vocab_size to 18')).toBeVisible();

  // What a model lacks it has from the other: base + λ (expert − base), token by token.
  const [base, expert, both] = [fixture('base'), fixture('extra'), rowsOf(weights, tokenizer)];
  expect([...both.keys()].sort()).toEqual([...new Set([...base.keys(), ...expert.keys()])].sort());
  for (const [token, row] of both) {
    const before = base.get(token) ?? expert.get(token) ?? [];
    const after = expert.get(token) ?? before;
    for (const [i, value] of row.entries())
      expect(value, token).toBeCloseTo(0.5 * ((before[i] ?? 0) + (after[i] ?? 0)), 6);
  }

  // The finished merge leads to its LoRA.
  await merged(page).getByRole('button', { name: 'LoRA of this merge' }).click();
  const panel = page.getByRole('region', { name: 'Inspect', exact: true });
  await expect(panel.getByRole('combobox', { name: 'change of' })).toHaveValue(/^merge-/);
  await expect(panel.locator('[data-rank]')).toBeVisible();
});
