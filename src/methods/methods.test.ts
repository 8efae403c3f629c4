import katex from 'katex';
import { describe, expect, test } from 'vitest';
import type { Control } from './control.ts';
import { methods } from './registry.ts';
import { chosen } from './testing/chosen.testing.ts';
import { methodSuite } from './testing/suite.testing.ts';

const wasmPaths = new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname;

for (const backend of ['cpu', 'wasm'] as const) methodSuite({ backend, wasmPaths, runs: 60 });

describe.each(methods.filter(({ id }) => chosen(id)).map((method) => ({ id: method.id, method })))(
  '$id is declared properly',
  ({ method }) => {
    const controls: [string, Control][] = Object.entries(method.controls);

    test('its formula is LaTeX', () => {
      expect(() =>
        katex.renderToString(method.formula, { output: 'mathml', throwOnError: true, strict: 'error' }),
      ).not.toThrow();
    });

    test.each(controls)('the default of %s is one of its values', (_, control) => {
      if (control.kind === 'choice') {
        expect(control.options.map(({ value }) => value)).toContain(control.default);
      } else {
        expect(control.default).toBeGreaterThanOrEqual(control.min);
        expect(control.default).toBeLessThanOrEqual(control.max);
        for (const snap of control.snaps ?? []) expect(snap >= control.min && snap <= control.max).toBe(true);
      }
    });

    test.each(controls)('what %s depends on exists', (_, control) => {
      if (!control.when) return;
      const other = Object.fromEntries(controls)[control.when.control];
      const values = other?.kind === 'choice' ? other.options.map(({ value }) => value) : [];
      expect(values).toContain(control.when.is);
    });

    test('a pre step has nothing to combine', () => {
      if (method.kind === 'pre') expect(controls.filter(([, { stage }]) => stage === 'combine')).toEqual([]);
    });

    test('it has an example', () => {
      expect(method.examples.length).toBeGreaterThan(0);
    });
  },
);
