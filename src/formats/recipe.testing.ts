/** A frozen catalogue and card: links and recipes are tested against these, so that a new method changes no test. */
import fc from 'fast-check';
import type { Catalogue, MethodMetadata } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import type { Curve, Shape } from './curves.ts';
import {
  type ControlValue,
  chainFor,
  clampValue,
  knownMethod,
  type NumberControl,
  type Recipe,
  type Step,
  storedGroups,
  withLayerGroups,
} from './recipe.ts';
import { withShape } from './recipe-curves.ts';
import { KINDS } from './tensor-filter.ts';

function number(symbol: string, rest: Partial<NumberControl> & Pick<NumberControl, 'per' | 'default'>): NumberControl {
  return { stage: 'combine', symbol, name: symbol, min: 0, max: 1, step: 0.05, ...rest };
}

function method(id: string, rest: Partial<MethodMetadata> = {}): MethodMetadata {
  return {
    id,
    revision: 1,
    kind: 'merge',
    name: id,
    family: 'average',
    year: 2024,
    needs: { base: true, experts: { min: 1 } },
    controls: {},
    ...rest,
  };
}

const lambda = number('λ', { per: 'expert', min: -0.5, max: 1.5, default: 0.3 });

export const testCatalogue: Catalogue = {
  methods: [
    method('task-arithmetic', { name: 'Task Arithmetic', controls: { lambda } }),
    method('slerp', {
      name: 'SLERP',
      needs: { base: false, experts: { min: 2, max: 2 } },
      controls: { t: number('t', { per: 'method', min: -0.5, max: 1.5, default: 0.5 }) },
    }),
    method('ties', {
      name: 'TIES',
      needs: { base: true, experts: { min: 2 } },
      controls: {
        lambda: number('λ', { per: 'method', max: 2, default: 1 }),
        density: number('k', { per: 'method', stage: 'prepare', min: 0.01, default: 0.2 }),
        weighting: {
          kind: 'choice',
          per: 'method',
          stage: 'prepare',
          symbol: 'w?',
          name: 'weights',
          default: 'equal',
          options: ['equal', 'own'].map((value) => ({ value, name: value })),
        },
        weight: number('w', {
          per: 'expert',
          stage: 'prepare',
          max: 2,
          default: 1,
          when: { control: 'weighting', is: 'own' },
        }),
      },
    }),
    method('adamerging', {
      controls: { step: number('step', { per: 'method', max: 300, default: 300, integer: true }) },
    }),
    method('dare', {
      kind: 'pre',
      name: 'DARE',
      needs: { base: true, experts: { min: 1 }, seed: true },
      controls: {
        density: number('1−p', { per: 'method', stage: 'prepare', min: 0.05, default: 0.5 }),
        scale: number('s', { per: 'expert', stage: 'prepare', max: 4, default: 1 }),
      },
    }),
    method('lines', {
      kind: 'post',
      name: 'LiNeS',
      controls: { alpha: number('α', { per: 'method', default: 0.2 }) },
    }),
  ],
  presets: [
    {
      id: 'dare-ties',
      name: 'DARE-TIES',
      year: 2024,
      chain: [{ method: 'dare' }, { method: 'ties', controls: { density: 1 } }],
    },
  ],
};

const ids = ['digits', 'upper', 'lower', 'greek', 'cyrillic', 'kana', 'rotation', 'style'];
const file = (id: string, i: number) => ({ file: `${id}.bin`, bytes: 1, sha256: String(i).repeat(64) });
const model = (id: string, i: number) => ({ id, name: id, dtype: 'F16' as const, ...file(id, i) });

export const testCard: Card = {
  version: 1,
  family: 'glyph-vit',
  name: 'Glyph ViT',
  summary: '',
  model: {
    architecture: 'vit',
    imageSize: 28,
    patchSize: 7,
    dim: 4,
    blocks: 3,
    heads: 1,
    hidden: 4,
    logitScale: 16,
  },
  parameters: 1,
  base: model('base', 9),
  experts: ids.map(model),
  heads: { ...file('heads', 8), dtype: 'F32' },
  tasks: ids.map((id, i) => ({
    id,
    name: id,
    summary: '',
    classes: ['a', 'b'],
    test: [{ ...file(id, i), from: 0, to: 64 }],
    calibration: { inputs: [{ ...file(id, i), from: 0, to: 64 }], labels: file(id, i) },
  })),
  accuracy: {},
  opening: { experts: ['digits', 'greek', 'kana', 'rotation'], pair: ['kana', 'rotation'], points: [] },
  targets: [],
  training: {},
  typefaces: [],
};

const CHAINS = ['task-arithmetic', 'slerp', 'ties', 'adamerging', 'dare-ties'];

const factor = fc.double({ min: 0, max: 2, noNaN: true });
export const anyCurve: fc.Arbitrary<Curve> = fc.record({
  points: fc.array(factor, { minLength: 1, maxLength: 6 }),
  groups: fc.record({ attention: factor, mlp: factor, norm: factor, embedding: factor }),
});

/** Curves of λ, w and t, whichever the method has, or none; and a filter or none. */
const anyShape: fc.Arbitrary<Shape> = fc.record(
  {
    curves: fc.dictionary(fc.constantFrom('lambda', 'weight', 't'), fc.array(anyCurve, { maxLength: 8 })),
    filter: fc.record({
      without: fc.subarray([...KINDS]),
      names: fc.constantFrom('', '*', 'blocks.*', '!*.bias', 'blocks.0.*,!*.norm1.*'),
    }),
  },
  { requiredKeys: [] },
);

/** Any recipe that the page can hold: experts in any order, groups of layers, curves, a filter, controls anywhere in their range. */
export const anyRecipe: fc.Arbitrary<Recipe> = fc
  .record({
    experts: fc.shuffledSubarray(ids),
    start: fc.constantFrom(...CHAINS),
    dare: fc.boolean(),
    lines: fc.boolean(),
    groups: fc.constantFrom(1, 1, 2, 3, 4),
    seed: fc.nat({ max: 0xffffffff }),
    shape: anyShape,
    draws: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 }),
  })
  .map(({ experts, start, dare, lines, groups, seed, shape, draws }) => {
    const steps = chainFor(testCatalogue, start, experts.length) ?? [];
    const pre = dare && start !== 'dare-ties' ? (chainFor(testCatalogue, 'dare', experts.length) ?? []) : [];
    const post = lines ? (chainFor(testCatalogue, 'lines', experts.length) ?? []) : [];
    const plain: Recipe = { family: testCard.family, experts, chain: [...pre, ...steps, ...post], seed };
    const { chain } = withLayerGroups(plain, testCatalogue, groups);
    const divided = { ...plain, chain: chain.map((step) => randomised(step, experts.length, draws)) };
    return withShape(divided, testCatalogue, shape);
  });

function randomised(step: Step, experts: number, draws: number[]): Step {
  const draw = () => draws.shift() ?? 0.5;
  const controls = Object.entries(knownMethod(testCatalogue, step.method).controls).map(([key, control]) => {
    if (draw() < 0.3) return [key, step.controls[key]];
    if (control.kind === 'choice') return [key, control.options[draw() < 0.5 ? 0 : 1]?.value];
    const one = () => control.min + draw() * (control.max - control.min);
    const groups = storedGroups(step);
    const value: ControlValue = control.per === 'expert' ? Array.from({ length: experts * groups }, one) : one();
    return [key, clampValue(control, value, experts, groups)];
  });
  return { ...step, controls: Object.fromEntries(controls) };
}
