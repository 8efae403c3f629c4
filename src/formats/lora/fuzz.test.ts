/** Damaged adapter configurations: read, or refused in words that name file and place; never a crash, never a hang. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../json-checks.ts';
import { AdapterError, alphaOf, checkAdapterConfig, checkPackedConfigs } from './adapter-config.ts';

const FILE = 'lora/adapter_config.json';
const WHOLE = {
  peft_type: 'LORA',
  r: 8,
  lora_alpha: 16,
  use_rslora: false,
  fan_in_fan_out: false,
  alpha_pattern: { 'q_proj|v_proj': 4, '^model.layers.(0|1).mlp': 2 },
  rank_pattern: {},
  modules_to_save: ['lm_head'],
  init_lora_weights: true,
  target_modules: ['q_proj'],
};
const MODULE = `model.layers.0.self_attn.${'a'.repeat(300)}.q_proj`;
/** Of processor time, in which no other program takes part. A whole run takes less than a second; a hang would take for ever. */
const LONGEST_MS = 1000;
const RUNS = 4000;

function tried(check: () => { readonly alphas: readonly number[] }, seen: { refused: number }): void {
  const began = process.cpuUsage();
  try {
    for (const alpha of check().alphas) expect(alpha).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    expect(error.message.startsWith(`${FILE}: `)).toBe(true);
    expect(error.message.length).toBeLessThan(1000);
    seen.refused++;
  }
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(LONGEST_MS);
}

const asFile = (json: unknown) => () => ({ alphas: [alphaOf(checkAdapterConfig(json, FILE), MODULE)] });

test(`${RUNS} configurations with wrong values`, () => {
  const seen = { refused: 0 };
  const key = fc.constantFrom(...Object.keys(WHOLE));
  const value = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.string({ unit: fc.constantFrom(...'a*+?()[]{}|\\.^$') }), fc.double()),
  );
  fc.assert(
    fc.property(key, value, (name, wrong) => tried(asFile({ ...WHOLE, [name]: wrong }), seen)),
    { numRuns: RUNS, seed: 1 },
  );
  expect(seen.refused).toBeGreaterThan(RUNS / 4);
});

test(`${RUNS} damaged texts, also in a file’s metadata`, () => {
  const seen = { refused: 0 };
  const text = JSON.stringify(WHOLE);
  const packed = JSON.stringify(
    Object.fromEntries(Object.entries(WHOLE).map(([key, value]) => [`unet.${key}`, value])),
  );
  const damage = fc.tuple(fc.nat(), fc.nat(4), fc.string({ maxLength: 4 }));
  const damaged = (whole: string, [at, cut, more]: readonly [number, number, string]) => {
    const from = at % whole.length;
    return whole.slice(0, from) + more + whole.slice(from + cut);
  };
  fc.assert(
    fc.property(damage, (how) => {
      const parsed = parseJson(damaged(text, how));
      if ('json' in parsed) tried(asFile(parsed.json), seen);
      tried(() => {
        const configs = checkPackedConfigs(damaged(packed, how), FILE);
        return { alphas: Array.from(configs.values(), (config) => alphaOf(config, MODULE)) };
      }, seen);
    }),
    { numRuns: RUNS, seed: 2 },
  );
  expect(seen.refused).toBeGreaterThan(RUNS / 4);
});
