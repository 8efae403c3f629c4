/** One body of tests for all methods, run on every backend: examples, declared laws, and what every method owes its caller. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackendName, WasmPaths } from '../../engine/backend.ts';
import { openBackend } from '../../engine/backend.ts';
import type { Control } from '../control.ts';
import type { Example, Method } from '../define.ts';
import { methods } from '../registry.ts';
import { chosen } from './chosen.testing.ts';
import { LAWS, mustAgree } from './laws.testing.ts';
import { type Models, run } from './run.testing.ts';

export interface SuiteOptions {
  readonly backend: BackendName;
  readonly wasmPaths: WasmPaths;
  /** Random networks per law. */
  readonly runs: number;
}

/** Three tensors of different shapes, two of them equal in size, and a −0. */
function sample(experts: number): Models {
  const shapes = [[3, 2], [2, 3], [5]];
  const length = 17;
  const values = (seed: number) => Array.from({ length }, (_, i) => Math.round(16 * Math.sin(seed * 13 + i * 7)) / 8);
  const base = values(1).map((value, i) => (i === 4 ? -0 : value));
  return { shapes, base, experts: Array.from({ length: experts }, (_, t) => values(t + 2)) };
}

const modelsOf = (example: Example): Models => ({
  shapes: [example.shape ?? [example.base.length]],
  base: example.base,
  experts: example.experts,
});

export function methodSuite({ backend, wasmPaths, runs }: SuiteOptions): void {
  describe(`methods on ${backend}`, () => {
    beforeAll(async () => {
      await openBackend({ wasmPaths, among: [backend] });
    });
    for (const method of methods.filter(({ id }) => chosen(id))) {
      describe(method.id, () => oneMethod(method, runs));
    }
  });
}

function oneMethod(method: Method, runs: number): void {
  const models = sample(Math.min(3, method.needs.experts.max ?? 3));

  test.each(method.examples.map((example, index) => ({ example, index, note: example.note ?? '' })))(
    'example $index $note',
    async ({ example }) => {
      const { values } = await run(method, modelsOf(example), {
        ...(example.controls && { controls: example.controls }),
        ...(example.seed !== undefined && { seed: example.seed }),
      });
      mustAgree(values, example.result, example.tolerance ?? 1e-6);
    },
  );

  // A method that trains takes a thousand times longer than one that adds.
  const affordable = method.needs.gradients ? Math.ceil(runs / 30) : runs;
  test.each(method.laws)('law %s', (law) => LAWS[law](method, affordable));

  test('changes no model that it is given', async () => {
    expect((await run(method, models)).inputsUnchanged).toBe(true);
  });

  test('leaves no tensor behind', async () => {
    await run(method, models);
    const counts = [await run(method, models), await run(method, models)].map(({ leaked }) => leaked);
    expect(counts).toEqual([0, 0]);
  });

  test('gives finite numbers', async () => {
    const { values } = await run(method, models);
    expect(values.findIndex((value) => !Number.isFinite(value))).toBe(-1);
  });

  if (method.scope === 'entry') {
    test('does not depend on how the network is cut into pieces', async () => {
      for (const controls of choices(method)) {
        const whole = await run(method, models, { controls });
        const pieces = await run(method, models, { controls, split: true });
        mustAgree(pieces.values, method.kind === 'pre' ? whole.values : Array.from(whole.values), 1e-6);
      }
    });
  }
}

/** Every combination of a method's options. */
function choices(method: Method): Record<string, string>[] {
  const controls: Record<string, Control> = method.controls;
  return Object.entries(controls).reduce<Record<string, string>[]>(
    (combinations, [name, control]) =>
      control.kind === 'choice'
        ? combinations.flatMap((chosen) => control.options.map(({ value }) => ({ ...chosen, [name]: value })))
        : combinations,
    [{}],
  );
}
