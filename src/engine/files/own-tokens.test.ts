/** The page's mix of models whose tokenizers differ. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { sourcesOf } from '../../cli/studio/disk.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { openBackend } from '../backend.ts';
import { memorySink } from '../testing/memory-files.testing.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoints } from './open.ts';
import { exportOf } from './own-exports.ts';
import { type Asked, checkMix, jobOfMix, mixOf, planMix } from './own-mix.ts';
import { runJob } from './run-job.ts';

const FIXTURES = fileURLToPath(new URL('../../cli/studio/fixtures/tokens/', import.meta.url));

async function opened(...names: readonly string[]): Promise<ReadonlyMap<string, Checkpoint>> {
  const { checkpoints } = await openCheckpoints(await sourcesOf(names.map((name) => `${FIXTURES}${name}`)));
  return new Map(checkpoints.map((checkpoint) => [checkpoint.outline.id, checkpoint]));
}

const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';
beforeAll(() => openBackend({ wasmPaths, among: ['wasm'] }));

const ASKED: Asked = {
  base: 'base',
  experts: ['a', 'b'],
  choices: {},
  chain: [{ method: 'task-arithmetic', controls: { lambda: [0.5, 0.25] } }],
  seed: 1,
  dtype: 'as-base',
  network: null,
  configuration: null,
  metadata: {},
};

const mixed = async (more: Partial<Asked>) => mixOf({ ...ASKED, ...more }, await opened('base', 'a', 'b'));
const noLane = () => undefined;

test('tokens are offered to be matched, and the table and the plan say what comes of it', async () => {
  const open = checkMix(await mixed({}));
  expect(open.fit.decisions[0]?.options.map(({ value }) => value)).toEqual([
    'base',
    'union',
    'numbers',
    'keep:base',
    'keep:a',
    'keep:b',
  ]);
  const mix = await mixed({ choices: { vocabulary: 'union' } });
  const { fit, problems } = checkMix(mix);
  expect(problems).toEqual([]);
  expect(fit.tokenRows).toBe(19);
  expect(fit.rows.filter(({ byToken }) => byToken).map(({ name, shape }) => [name, shape])).toEqual([
    ['lm_head.weight', [19, 4]],
    ['model.embed_tokens.weight', [19, 4]],
  ]);
  expect(await planMix(mix, noLane)).toMatchObject({ tokenizer: true, refusals: [], tensors: 12 });
  const made = await jobOfMix(mix);
  const sink = memorySink();
  await runJob(made.job, made.checkpoints, sink, { progress: () => {}, breathe: async () => {} });
  expect(readSafetensors(sink.bytes(), 'merged').tensors.get('lm_head.weight')?.shape).toEqual([19, 4]);
  const { text, notes } = exportOf('tokenizer', made, { paths: new Map(), written: null });
  expect(JSON.parse(text ?? '').added_tokens).toHaveLength(2 + 19 - 13);
  expect(notes.join()).toContain('set vocab_size to 19');
});

test('rows by number are merged as before, and have no tokenizer of their own', async () => {
  const mix = await mixed({ choices: { vocabulary: 'numbers' } });
  expect(checkMix(mix).fit.remarks.join()).toContain('matched by their number');
  expect(await planMix(mix, noLane)).toMatchObject({ tokenizer: false, refusals: [] });
  const { job } = await jobOfMix(mix);
  expect(job.vocabulary).toBeUndefined();
  expect(job.tensors.find(({ name }) => name === 'lm_head.weight')?.shape).toEqual([16, 4]);
});

test('a configuration’s tokenizer_source is carried out on the page too', async () => {
  const configuration = `merge_method: linear
models: [{model: x/base, parameters: {weight: 1}}, {model: b, parameters: {weight: 1}}]
base_model: x/base
tokenizer_source: a
`;
  const mix = await mixOf({ ...ASKED, configuration }, await opened('base', 'a', 'b'));
  expect(await planMix(mix, noLane)).toMatchObject({ tokenizer: true, refusals: [] });
  const refused = await mixOf(
    { ...ASKED, configuration: configuration.replace('source: a', 'source: z') },
    await opened('base', 'b', 'a'),
  );
  expect((await planMix(refused, noLane)).refusals).toEqual([
    'line 4: “z” has no tokenizer.json: open it, or take “union” or “base”',
  ]);
});
