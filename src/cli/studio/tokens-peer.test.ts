/** Models with other tokenizers, merged by mergekit and by the studio: fixtures/tokens/make.py says how they were made. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { readTokenizer, type Vocabulary } from '../../formats/tokenizer/vocabulary.ts';
import cases from './fixtures/tokens/cases.json' with { type: 'json' };
import { mergeConfiguration } from './merge-files.ts';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'tokens');
/** Both work in float32, on values below 5. */
const TOLERANCE = 1e-6;

const work = mkdtempSync(join(tmpdir(), 'tokens-peer-'));

beforeAll(() => {
  cpSync(FIXTURES, work, { recursive: true });
  for (const name of readdirSync(join(FIXTURES, 'configs'))) cpSync(join(FIXTURES, 'configs', name), join(work, name));
});

afterAll(() => rmSync(work, { recursive: true }));

const NOTHING = {
  dtype: undefined,
  shardSize: undefined,
  models: undefined,
  choose: undefined,
  task: undefined,
  resume: false,
  json: true,
};

type Tensors = ReturnType<typeof readSafetensors>['tensors'];

const open = (path: string) => readSafetensors(new Uint8Array(readFileSync(path)), path).tensors;
const results = open(join(FIXTURES, 'results.safetensors'));

const isOverTokens = (name: string) => /embed_tokens|lm_head/.test(name);

/** Rows of a table by their tokens, padding under its number. */
function byToken(tensor: NonNullable<ReturnType<Tensors['get']>>, vocabulary: Vocabulary): Map<string, number[]> {
  const values = toFloat32(tensor);
  const [rows = 0, columns = 0] = tensor.shape;
  const tokens = new Map(Array.from(vocabulary, ([token, row]) => [row, token]));
  return new Map(
    Array.from({ length: rows }, (_, row) => [
      tokens.get(row) ?? `padding ${row}`,
      [...values.subarray(row * columns, (row + 1) * columns)],
    ]),
  );
}

function largestDifference(own: readonly number[], peer: readonly number[]): number {
  expect(own.length).toBe(peer.length);
  return own.reduce((most, value, i) => Math.max(most, Math.abs(value - (peer[i] ?? Number.NaN))), 0);
}

test.each(cases.cases.map(({ config }) => config))('what mergekit makes of %s, the studio makes', async (name) => {
  const peer = cases.cases.find(({ config }) => config === name);
  const out = join(work, `${name}.safetensors`);
  await mergeConfiguration(join(work, name), { ...NOTHING, out, threads: '1' });
  const own = open(out);
  const { vocabulary } = readTokenizer(
    JSON.parse(readFileSync(out.replace('.safetensors', '.tokenizer.json'), 'utf8')),
    name,
  );
  const theirs = new Map(Object.entries(peer?.tokens ?? {}));
  expect([...vocabulary.keys()].sort()).toEqual([...theirs.keys()].sort());
  const stem = name.replace(/\.yaml$/, '');
  const peers = [...results].filter(([key]) => key.startsWith(`${stem}/`));
  expect([...own.keys()].sort()).toEqual(peers.map(([key]) => key.slice(stem.length + 1)).sort());
  for (const [key, tensor] of peers) {
    const tensorName = key.slice(stem.length + 1);
    const mine = own.get(tensorName);
    if (!mine) throw new Error(`${tensorName} is missing`);
    expect([tensorName, mine.shape]).toEqual([tensorName, tensor.shape]);
    if (!isOverTokens(tensorName)) {
      expect(largestDifference([...toFloat32(mine)], [...toFloat32(tensor)])).toBeLessThanOrEqual(TOLERANCE);
      continue;
    }
    const [rows, wanted] = [byToken(mine, vocabulary), byToken(tensor, theirs)];
    for (const [token, values] of wanted) {
      const difference = largestDifference(rows.get(token) ?? [], values);
      expect({ tensorName, token, close: difference <= TOLERANCE, difference }).toEqual({
        tensorName,
        token,
        close: true,
        difference,
      });
    }
  }
});
