/**
 * Methods against numbers that other programs computed: every `fixtures/<id>/result.json` with `cases`. Each fixture's maker script says
 * which program, and how.
 */
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, describe, expect, test } from 'vitest';
import { methodById } from './registry.ts';
import { chosen } from './testing/chosen.testing.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, run } from './testing/run.testing.ts';

/**
 * Most peers work in float32 throughout. Weights are below 5, sums have at most a few terms; the largest error is that of
 * SLERP's sine quotient near a cosine of 0.9995, where a rounding of the cosine by 2⁻²⁴ moves the factors by about 2e-6.
 */
const TOLERANCE = 1e-5;

interface PeerCase {
  readonly name: string;
  readonly shapes: number[][];
  readonly base: number[];
  readonly experts: number[][];
  readonly controls: ControlValues;
  readonly seed?: number;
  /** Where the peer computes less exactly than most; the maker script says why. */
  readonly tolerance?: number;
  /** Merged weights, or what the kind of the method gives (see run.testing.ts). */
  readonly result: number[];
}

interface Fixture {
  readonly peer?: string;
  readonly cases?: readonly unknown[];
}

/** A fixture whose cases have another form is read by a test of its own. */
const isPeerCase = (value: unknown): value is PeerCase =>
  typeof value === 'object' && value !== null && ['shapes', 'base', 'experts', 'result'].every((key) => key in value);

const files = import.meta.glob<Fixture>('./fixtures/*/result.json', { eager: true, import: 'default' });

const peers = Object.entries(files).flatMap(([path, { cases = [] }]) => {
  const id = path.split('/')[2] ?? '';
  const own = cases.filter(isPeerCase);
  return own.length > 0 && chosen(id) ? [{ id, cases: own }] : [];
});

test('fixtures are found', () => {
  expect(Object.keys(files).length).toBeGreaterThan(0);
});

/** Largest difference by method, told after the tests when `PEERS=1` asks for it. */
const differences = new Map<string, number>();

describe.each(peers)('$id gives what its peer gives', ({ id, cases }) => {
  const method = methodById(id);
  test.each(cases)('$name', async ({ controls, result, seed = 1, tolerance = TOLERANCE, ...models }) => {
    const { values } = await run(method, models, { controls, seed });
    const largest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (result[i] ?? Number.NaN))), 0);
    differences.set(id, Math.max(differences.get(id) ?? 0, largest));
    mustAgree(values, result, tolerance);
  });
});

afterAll(() => {
  if (!process.env.PEERS) return;
  const lines = [...differences].map(([id, largest]) => `${id}\t${largest.toExponential(1)}\n`);
  process.stderr.write(lines.join(''));
});
