/**
 * The laws that a method may declare, each as one property over random networks. A coefficient is a number control with
 * stage 'combine' that the chosen options show.
 */
import fc from 'fast-check';
import type { Control } from '../control.ts';
import type { LawName, Method } from '../define.ts';
import { networks, scaled } from './networks.testing.ts';
import { type ControlValues, completeControls, type Models, run } from './run.testing.ts';

/** @throws Error (with the counterexample) when the law does not hold */
type Law = (method: Method, runs: number) => Promise<void>;

// ---------------------------------------------------------------- random controls

const numberOf = (control: Exclude<Control, { kind: 'choice' }>) =>
  fc
    .integer({ min: 0, max: Math.round((control.max - control.min) / control.step) })
    .map((n) => control.min + n * control.step);

/** A value for every control: any option, any place on any slider. */
function anyControls(method: Method, experts: number): fc.Arbitrary<ControlValues> {
  const controls: Record<string, Control> = method.controls;
  const values = Object.entries(controls).map(([name, control]): [string, fc.Arbitrary<number | string | number[]>] => {
    if (control.kind === 'choice') return [name, fc.constantFrom(...control.options.map(({ value }) => value))];
    if (control.per === 'method') return [name, numberOf(control)];
    return [name, fc.array(numberOf(control), { minLength: experts, maxLength: experts })];
  });
  return fc.record(Object.fromEntries(values)).filter((drawn) => !refusal(method, drawn, experts));
}

const refusal = (method: Method, controls: ControlValues, experts: number) =>
  method.kind === 'merge' ? method.check?.(completeControls(method, experts, controls), experts) : undefined;

/** Names of the coefficients that are in use under these choices. */
function coefficients(method: Method, controls: ControlValues): [string, Exclude<Control, { kind: 'choice' }>][] {
  const all: Record<string, Control> = method.controls;
  return Object.entries(all).flatMap(([name, control]) => {
    if (control.kind === 'choice' || control.stage !== 'combine') return [];
    return control.when && controls[control.when.control] !== control.when.is ? [] : [[name, control]];
  });
}

/** The drawn controls with every coefficient replaced: by expert, or (expert undefined) the method's own. */
function withCoefficients(
  method: Method,
  controls: ControlValues,
  experts: number,
  value: (name: string, expert: number | undefined) => number,
): ControlValues {
  const replaced = coefficients(method, controls).map(([name, control]) => [
    name,
    control.per === 'expert'
      ? Array.from({ length: experts }, (_, expert) => value(name, expert))
      : value(name, undefined),
  ]);
  return { ...controls, ...Object.fromEntries(replaced) };
}

/** The drawn numbers with the default choices. */
const withDefaultOptions = (method: Method, controls: ControlValues): ControlValues =>
  Object.fromEntries(
    Object.entries(controls).map(([name, value]) => [
      name,
      typeof value === 'string' ? method.controls[name].default : value,
    ]),
  );

function valueIn(controls: ControlValues, name: string, expert: number | undefined): number {
  const value = controls[name];
  const number = typeof value === 'object' ? value[expert ?? 0] : value;
  if (typeof number !== 'number') throw new Error(`${name}: no number`);
  return number;
}

function permuted(method: Method, controls: ControlValues, order: readonly number[]): ControlValues {
  const all: Record<string, Control> = method.controls;
  return Object.fromEntries(
    Object.entries(controls).map(([name, value]) => {
      const byExpert = all[name]?.per === 'expert' && typeof value === 'object' ? value : undefined;
      return [name, byExpert ? order.map((expert) => byExpert[expert] ?? 0) : value];
    }),
  );
}

// ---------------------------------------------------------------- comparing

/**
 * Weights are below 50 in size after the largest coefficients; a few dozen float32 roundings of that, on any backend and
 * through a small factorisation, stay below 2e-4.
 */
const TOLERANCE = 2e-4;

export function mustAgree(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  if (got.length !== wanted.length) throw new Error(`${got.length} values instead of ${wanted.length}`);
  for (let i = 0; i < got.length; i++) {
    const a = got[i] ?? Number.NaN;
    const b = wanted[i] ?? Number.NaN;
    const fits = tolerance === 0 ? Object.is(a, Math.fround(b)) : Math.abs(a - b) <= tolerance;
    if (!fits)
      throw new Error(
        `index ${i}: got ${a}, wanted ${b}, tolerance ${tolerance === 0 ? 'none (bit for bit)' : tolerance}`,
      );
  }
}

interface Drawn {
  readonly models: Models;
  readonly controls: ControlValues;
}

/** Checks a property over drawn networks and controls; the same draws in every run of the tests. */
function over(method: Method, runs: number, property: (drawn: Drawn) => Promise<void>): Promise<void> {
  const drawn = networks(method).chain((models) =>
    anyControls(method, models.experts.length).map((controls) => ({ models, controls })),
  );
  return fc.assert(fc.asyncProperty(drawn, property), { numRuns: runs, seed: 20261122 });
}

const merged = async (method: Method, models: Models, controls: ControlValues, seed = 1) =>
  (await run(method, models, { controls, seed })).values;

/** The networks of a pack in another order; a single network as it is. */
function networksIn(method: Method, values: Float32Array, experts: number, order: readonly number[]) {
  if (method.kind === 'merge' && method.result === 'single') return values;
  if (method.kind === 'post') return values;
  const length = values.length / experts;
  return Float32Array.from(order.flatMap((expert) => [...values.subarray(expert * length, (expert + 1) * length)]));
}

// ---------------------------------------------------------------- the laws

export const LAWS: Readonly<Record<LawName, Law>> = {
  /** All coefficients 0: the base, bit for bit; of a pack, every network. */
  'zero-gives-base': (method, runs) =>
    over(method, runs, async ({ models, controls }) => {
      const zero = withCoefficients(method, controls, models.experts.length, () => 0);
      const values = await merged(method, models, zero);
      const networks = values.length / models.base.length;
      mustAgree(values, Array.from({ length: networks }, () => models.base).flat(), 0);
    }),

  /** One expert's coefficient 1, all others 0: that expert, bit for bit. */
  'one-hot-gives-expert': (method, runs) =>
    over(method, runs, async ({ models, controls }) => {
      for (const [chosen, expert] of models.experts.entries()) {
        const oneHot = withCoefficients(method, controls, models.experts.length, (_, t) => (t === chosen ? 1 : 0));
        mustAgree(await merged(method, models, oneHot), expert, 0);
      }
    }),

  /** A single expert and the default controls: that expert. */
  'one-expert-gives-expert': (method, runs) =>
    over(method, runs, async ({ models }) => {
      const [only = []] = models.experts;
      const alone = { ...models, experts: [only] };
      mustAgree(await merged(method, alone, {}), only, TOLERANCE);
    }),

  /** Experts listed backwards, with their coefficients: the same network. */
  'order-of-experts-is-irrelevant': (method, runs) =>
    over(method, runs, async ({ models, controls }) => {
      const order = models.experts.map((_, expert) => models.experts.length - 1 - expert);
      const backwards = { ...models, experts: [...models.experts].reverse() };
      mustAgree(
        await merged(method, backwards, permuted(method, controls, order)),
        networksIn(method, await merged(method, models, controls), models.experts.length, order),
        TOLERANCE,
      );
    }),

  /** The same expert several times, with the default options: that expert, whatever the coefficients. */
  'copies-give-the-copy': (method, runs) =>
    over(method, runs, async ({ models, controls }) => {
      // A plain weighted sum grows with the number of copies: only the default options promise the copy.
      const drawn = withDefaultOptions(method, controls);
      const [first = []] = models.experts;
      const copies = { ...models, experts: models.experts.map(() => first) };
      if (refusal(method, drawn, models.experts.length)) return;
      mustAgree(await merged(method, copies, drawn), first, TOLERANCE * (1 + largestRatio(method, drawn)));
    }),

  /** Task vectors twice as long: a change twice as long. */
  'scales-with-task-vectors': (method, runs) =>
    over(method, runs, async ({ models, controls }) => {
      const once = await merged(method, models, controls);
      const twice = await merged(method, scaled(models, 2), controls);
      // The networks of a pack follow each other.
      const start = (i: number) => (method.kind === 'merge' ? (models.base[i % models.base.length] ?? 0) : 0);
      mustAgree(
        twice,
        once.map((value, i) => start(i) + 2 * (value - start(i))),
        2 * TOLERANCE,
      );
    }),

  /** Half way between two settings of the coefficients, with the default options: half way between the two networks. */
  'linear-in-coefficients': (method, runs) =>
    over(method, runs, async ({ models, controls: drawn }) => {
      // Other options may put a coefficient before a step that is not linear: only the default ones promise the line.
      const controls = completeControls(method, models.experts.length, withDefaultOptions(method, drawn));
      const experts = models.experts.length;
      const end = withCoefficients(method, controls, experts, (_, t) => 0.25 * ((t ?? 0) + 1));
      const middle = withCoefficients(
        method,
        controls,
        experts,
        (name, t) => (valueIn(controls, name, t) + valueIn(end, name, t)) / 2,
      );
      const ends = [await merged(method, models, controls), await merged(method, models, end)];
      const half = Float32Array.from(ends[0] ?? [], (value, i) => (value + (ends[1]?.[i] ?? Number.NaN)) / 2);
      mustAgree(await merged(method, models, middle), half, TOLERANCE);
    }),

  /** One seed, one result, bit for bit. */
  'same-seed-same-result': (method, runs) =>
    over(method, runs, async ({ models, controls }) => {
      const first = await merged(method, models, controls, 7);
      mustAgree(await merged(method, models, controls, 7), first, 0);
    }),
};

/** How much a normalised average enlarges rounding: Σ|w| / |Σw|. */
function largestRatio(method: Method, controls: ControlValues): number {
  return coefficients(method, completeControls(method, 1, {})).reduce((largest, [name]) => {
    const value = controls[name];
    if (typeof value !== 'object') return largest;
    const sum = Math.abs(value.reduce((total, w) => total + w, 0));
    const size = value.reduce((total, w) => total + Math.abs(w), 0);
    return Math.max(largest, sum > 0 ? size / sum : 0);
  }, 0);
}
