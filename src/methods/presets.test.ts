import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import { g1 } from './parts/g1.ts';
import { presets } from './presets.ts';
import { methodById } from './registry.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValue, type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
type Given = Readonly<Record<string, Readonly<Record<string, ControlValue>>>>;

/** A preset's chain on G1, with these controls (by method) besides the preset's own. */
async function merged(id: string, given: Given = {}): Promise<Float32Array> {
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset) throw new Error(`no preset "${id}"`);
  let current = models;
  let values: Float32Array = Float32Array.from(g1.base);
  for (const step of preset.chain) {
    const method = methodById(step.method);
    const controls = { ...step.controls, ...given[step.method] };
    values = (await run(method, current, { controls, seed: 4 })).values;
    const vectors = values;
    if (method.kind === 'pre') {
      const experts = g1.experts.map((_, t) => g1.base.map((start, i) => start + (vectors[8 * t + i] ?? 0)));
      current = { ...current, experts };
    }
  }
  return values;
}

const change = async (id: string, given: Given) =>
  (await merged(id, given)).map((value, i) => value - (g1.base[i] ?? 0));
const ones = { lambda: [1, 1, 1] };
/** Σ_t τ_t of G1. */
const sum = [0.8, -2.3, 1.8, -0.1, 1.9, -0.8, -0.35, -1.15];

describe('presets give the goldens of their own sections', () => {
  test('breadcrumbs as the authors’ code', async () => {
    const given = { breadcrumbs: { keep: 0.5, cut: 0.25 }, 'task-arithmetic': ones };
    mustAgree(await change('breadcrumbs-linear', given), [0.8, -1, 0.5, -0.4, 1, -0.9, 0.25, 0.3], 1e-6);
  });

  test('breadcrumbs as mergekit’s', async () => {
    const given = { breadcrumbs: { keep: 0.5, cut: 0.125, scope: 'tensor' }, 'task-arithmetic': ones };
    mustAgree(await change('breadcrumbs-linear', given), [0.8, -0.3, 0.5, -0.4, 1, -0.6, -0.8, -1.5], 1e-6);
  });

  test('breadcrumbs_ties as mergekit’s, not normalised', async () => {
    const given = { breadcrumbs: { keep: 0.5, cut: 0.125 }, ties: { lambda: 1 } };
    mustAgree(await change('breadcrumbs-ties', given), [1.3, -1, 0.5, -0.4, 1, -0.6, -0.8, -1.5], 1e-6);
  });
});

test.each([
  ['breadcrumbs-linear', { breadcrumbs: { keep: 1, cut: 0 }, 'task-arithmetic': ones }],
  ['della-linear', { della: { density: 1 }, 'task-arithmetic': ones }],
  ['dare-linear', { dare: { p: 0 }, 'task-arithmetic': ones }],
])('without dropping, %s is Task Arithmetic', async (id, given) => {
  mustAgree(await change(id, given as Given), sum, 1e-6);
});

test('without dropping, the presets with an election are TIES without trimming', async () => {
  const wanted = (await run(methodById('ties'), models, { controls: { density: 1 } })).values;
  mustAgree(await merged('della-ties', { della: { density: 1 } }), wanted, 1e-6);
  mustAgree(await merged('dare-ties', { dare: { p: 0 } }), wanted, 1e-6);
  const all = { breadcrumbs: { keep: 1 }, ties: { lambda: 1, merge: 'mean' } };
  mustAgree(await merged('breadcrumbs-ties', all), wanted, 1e-6);
});

test('DELLA without favour for large changes is DARE', async () => {
  const della = await merged('della-ties', { della: { density: 0.6, epsilon: 0 } });
  mustAgree(await merged('dare-ties', { dare: { p: 0.4 } }), della, 1e-5);
});

test('every preset names controls that its methods have, and no two have the same chain', () => {
  for (const { chain } of presets) {
    for (const { method, controls = {} } of chain) {
      expect(Object.keys(methodById(method).controls)).toEqual(expect.arrayContaining(Object.keys(controls)));
    }
  }
  // A preset of one step is a setting of its method, and is called by that.
  const chains = presets
    .filter(({ chain }) => chain.length > 1)
    .map(({ chain }) => chain.map(({ method }) => method).join('+'));
  expect(new Set(chains).size).toBe(chains.length);
});
