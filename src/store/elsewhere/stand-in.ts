/**
 * Stand-ins for models that are not here: a card whose experts are the tasks, and a method whose controls are the coefficients.
 * With them everything that explores merges of the zoo explores merges from elsewhere; nothing can be merged with them.
 */
import { sha256Hex } from '../../core/hash.ts';
import type { Card } from '../../formats/card.ts';
import type { Recipe } from '../../formats/recipe.ts';
import type { MethodMetadata } from '../../methods/metadata.ts';
import type { Range } from '../../pareto/point.ts';

const FAMILY = 'elsewhere';
const ID_DIGITS = 12;
/** The ± buttons and arrow keys cross the box in about this many steps. */
const STEPS = 20;

export interface StandIn {
  readonly card: Card;
  readonly method: MethodMetadata;
  readonly recipe: Recipe;
}

export interface StandInRequest {
  readonly name: string;
  readonly tasks: readonly string[];
  readonly coefficients: readonly string[];
  /** Where each coefficient was sampled. */
  readonly box: readonly Range[];
  /** Where the sliders stand at first. */
  readonly start: readonly number[];
  /** Whatever else makes these measurements other ones. */
  readonly content: unknown;
}

export function standInOf({ name, tasks, coefficients, box, start, content }: StandInRequest): StandIn {
  const id = `${FAMILY}-${sha256Hex(JSON.stringify([tasks, coefficients, box, content])).slice(0, ID_DIGITS)}`;
  const controls = coefficients.map((coefficient, i): [string, MethodMetadata['controls'][string]] => {
    const { min, max } = box[i] ?? { min: 0, max: 1 };
    const own = { symbol: coefficient, name: coefficient, min, max, step: niceStep((max - min) / STEPS) };
    return [coefficient, { ...own, per: 'method', stage: 'combine', default: start[i] ?? min }];
  });
  const method: MethodMetadata = {
    id,
    revision: 1,
    kind: 'merge',
    result: 'single',
    name,
    family: 'average',
    year: 0,
    needs: { base: false, experts: { min: 1 } },
    controls: Object.fromEntries(controls),
  };
  const values = Object.fromEntries(coefficients.map((coefficient, i) => [coefficient, start[i] ?? 0]));
  const recipe = { family: FAMILY, experts: tasks, chain: [{ method: id, controls: values }], seed: 1 };
  return { card: cardOf(name, tasks), method, recipe };
}

function cardOf(name: string, tasks: readonly string[]): Card {
  const file = { file: '', bytes: 0, sha256: '' };
  const model = (id: string) => ({ id, name: id, ...file, dtype: 'F32' as const });
  const [x = '', y = ''] = tasks;
  return {
    version: 1,
    family: FAMILY,
    name,
    summary: '',
    model: {
      architecture: 'vit',
      imageSize: 0,
      patchSize: 0,
      dim: 0,
      blocks: 0,
      heads: 0,
      hidden: 0,
      logitScale: 0,
    },
    parameters: 0,
    base: model('base'),
    experts: tasks.map(model),
    heads: { ...file, dtype: 'F32' },
    tasks: tasks.map((id) => ({
      id,
      name: id,
      summary: '',
      classes: [],
      test: [],
      calibration: { inputs: [], labels: file },
    })),
    accuracy: {},
    opening: { experts: [...tasks], pair: [x, y], points: [] },
    targets: [],
    training: {},
    typefaces: [],
  };
}

/** 1, 2 or 5 times a power of ten, not above `wanted`. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = [5, 2].find((step) => step * power <= wanted * (1 + 1e-9)) ?? 1;
  return Number((digit * power).toPrecision(1));
}
