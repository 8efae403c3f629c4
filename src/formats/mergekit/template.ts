/** A mergekit configuration of the user's, in which one number per model is varied and everything else stays as it is. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { quote } from '../link-text.ts';
import { roundedForYaml } from './values.ts';

/** A configuration by hand has a few hundred lines. */
const MAX_LENGTH = 200_000;

export interface TemplateCoefficient {
  /** Last part of the model's path, or the whole where that is not unique; `t` for interpolation. */
  readonly name: string;
  /** As the configuration has it. */
  readonly value: number;
  /** A weight of one model, which at 0 leaves it out. */
  readonly perModel: boolean;
}

export interface MergekitTemplate {
  readonly kind: 'template';
  readonly method: string;
  readonly coefficients: readonly TemplateCoefficient[];
  /** Weights are divided by their sum, so they cannot all be 0. */
  readonly divides: boolean;
  /** The configuration with other coefficients, rounded to six decimals: every other character is kept. */
  readonly write: (values: readonly number[]) => string;
}

export interface TemplateProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type TemplateResult =
  | MergekitTemplate
  | { readonly kind: 'refused'; readonly problems: readonly TemplateProblem[] };

/** Where a number stands in the text. */
interface Slot {
  readonly start: number;
  readonly end: number;
}

interface Found extends Slot {
  readonly model: string;
  readonly value: number;
}

/**
 * Finds the numbers to vary: `parameters.weight` of each model, or `parameters.t` of the whole where no model has a weight. A
 * model that is also the base may be without. Never throws: what cannot be varied is told by line.
 */
export function readMergekit(text: string): TemplateResult {
  const problems: TemplateProblem[] = [];
  const lines = new LineCounter();
  if (text.length > MAX_LENGTH)
    return refuse([{ line: 1, message: `the file has ${text.length} characters; at most ${MAX_LENGTH} are read` }]);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const problem = (node: Node | null | undefined, message: string) => {
    problems.push({ line: lineAt(node?.range?.[0] ?? 0), message });
  };
  if (document.errors.length > 0) {
    return refuse(
      document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), message: `no YAML: ${message}` })),
    );
  }
  const root = document.contents;
  if (!isMap(root))
    return refuse([{ line: 1, message: 'got no mergekit configuration, wanted merge_method and models' }]);
  const method = textAt(root, 'merge_method');
  if (method === undefined) problem(root, 'merge_method is missing: say how to merge, for example task_arithmetic');
  const layered = ['slices', 'modules'].find((key) => root.has(key));
  if (layered)
    problem(nodeAt(root, layered), `${layered} give each layer its own weights: write one list “models” instead`);
  const models = nodeAt(root, 'models');
  if (!layered && (!isSeq(models) || models.items.length === 0)) {
    problem(models ?? root, 'models is missing or empty: list at least one model with its weight');
  }
  if (problems.length > 0 || !isSeq(models) || method === undefined) return refuse(problems);
  const slots = slotsOf(root, models.items as readonly Node[], problem);
  if (problems.length > 0) return refuse(problems);
  return templateOf(text, method, slots, dividesBySum(root, method));
}

function refuse(problems: readonly TemplateProblem[]): TemplateResult {
  return { kind: 'refused', problems };
}

type Tell = (node: Node | null | undefined, message: string) => void;

function slotsOf(root: YAMLMap, models: readonly Node[], problem: Tell): Found[] {
  const base = textAt(root, 'base_model');
  const own = models.map((item) => (isMap(item) ? nodeAt(item, 'parameters') : undefined));
  const weighs = own.some((parameters) => isMap(parameters) && parameters.has('weight'));
  const shared = nodeAt(root, 'parameters');
  if (!weighs && isMap(shared) && shared.has('t')) {
    const found = numberAt(shared, 't', 'parameters.t', problem);
    return found ? [{ ...found, model: 't' }] : [];
  }
  return models.flatMap((item, i) => {
    const model = isMap(item) ? textAt(item, 'model') : undefined;
    if (!isMap(item) || model === undefined) {
      problem(item, `models[${i}]: got no “model: <path or hub id>”: write one`);
      return [];
    }
    const parameters = nodeAt(item, 'parameters');
    const weight = `the weight of ${quote(model)}`;
    if (isAlias(parameters)) {
      problem(
        parameters,
        `${weight} stands behind the reference *${parameters.source}, which others share: write it out here`,
      );
      return [];
    }
    if (isMap(parameters) && parameters.has('weight')) {
      const found = numberAt(parameters, 'weight', weight, problem);
      return found ? [{ ...found, model }] : [];
    }
    if (model !== base)
      problem(item, `${weight} is missing: give it “parameters: { weight: 0.5 }”, so that it can be varied`);
    return [];
  });
}

function numberAt(map: YAMLMap, key: string, what: string, problem: Tell): (Slot & { value: number }) | undefined {
  const node = nodeAt(map, key);
  if (isSeq(node)) problem(node, `${what} is a list, one number per layer or filter: write one number`);
  else if (isAlias(node)) problem(node, `${what} is the reference *${node.source}: write the number itself`);
  else if (!isScalar(node) || typeof node.value !== 'number' || !Number.isFinite(node.value) || !node.range) {
    const got = isScalar(node) ? quote(String(node.value)) : 'no number';
    problem(node ?? map, `${what}: got ${got}, wanted a number such as 0.5`);
  } else if (node.anchor !== undefined) {
    problem(
      node,
      `${what} is the anchor &${node.anchor}, and what refers to it would change too: write the numbers out`,
    );
  } else return { start: node.range[0], end: node.range[1], value: node.value };
  return undefined;
}

function nodeAt(map: YAMLMap, key: string): Node | undefined {
  const node = map.get(key, true);
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node : undefined;
}

function textAt(map: YAMLMap, key: string): string | undefined {
  const node = nodeAt(map, key);
  return isScalar(node) && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}

/** mergekit's linear divides by the sum of weights unless told otherwise. */
function dividesBySum(root: YAMLMap, method: string): boolean {
  const parameters = nodeAt(root, 'parameters');
  const normalize = isMap(parameters) ? parameters.get('normalize') : undefined;
  return (method === 'linear' && normalize !== false) || method === 'nuslerp';
}

function templateOf(text: string, method: string, slots: readonly Found[], divides: boolean): TemplateResult {
  if (slots.length === 0)
    return refuse([{ line: 1, message: `${method}: no model has a weight, so there is nothing to vary` }]);
  const names = namesOf(slots.map(({ model }) => model));
  const coefficients = slots.map(({ value, model }, i) => ({
    name: names[i] ?? model,
    value,
    perModel: model !== 't',
  }));
  const write = (values: readonly number[]) => {
    if (values.length !== slots.length) throw new Error(`${values.length} values for ${slots.length} coefficients`);
    let [at, written] = [0, ''];
    slots.forEach(({ start, end }, i) => {
      written += `${text.slice(at, start)}${roundedForYaml(values[i] ?? 0)}`;
      at = end;
    });
    return written + text.slice(at);
  };
  return { kind: 'template', method, coefficients, divides, write };
}

/** `org/name` is called `name` while no other is; equal models get a number. */
function namesOf(models: readonly string[]): string[] {
  const short = (model: string) => model.replace(/\/+$/, '').split('/').at(-1) || model;
  const once = (list: readonly string[], name: string) => list.filter((other) => other === name).length === 1;
  const shorts = models.map(short);
  return models.map((model, i) => {
    if (once(shorts, short(model))) return short(model);
    return once(models, model) ? model : `${model} (${i + 1})`;
  });
}
