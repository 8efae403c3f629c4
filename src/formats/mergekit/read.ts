/**
 * mergekit's configurations, read completely: everything that shapes the merge is kept as it was written, everything else is told.
 * Facts about the format: the code of mergekit 0.1.5 (config.py, common.py).
 */
import { quote } from '../link-text.ts';
import type {
  ConfigurationProblem,
  MergekitConfiguration,
  MergekitRead,
  ModelReference,
  Report,
  Setting,
  Settings,
  Slice,
  Source,
} from './configuration.ts';
import { type Located, type LocatedMap, parseLocated } from './located.ts';
import { referenceOf } from './reference.ts';
import { settingOf } from './setting.ts';
import { tokensAsked } from './tokenizer.ts';

/** Keys of the whole; those in `NOTED` say nothing about weights. */
const KEYS = [
  'merge_method',
  'base_model',
  'models',
  'slices',
  'modules',
  'parameters',
  'dtype',
  'out_dtype',
  'tokenizer_source',
  'tokenizer',
] as const;

const NOTED: Readonly<Record<string, string>> = {
  chat_template: 'chat_template is left out: only weights are written here.',
  name: 'name is left out: it has no effect on the weights.',
};

/** Options of mergekit's command that older configurations hold. */
const WITHOUT_EFFECT = 'has no effect in mergekit';

/** Reads a configuration. Never throws: what cannot be read is told by line. */
export function readMergekitConfig(text: string): MergekitRead {
  const parsed = parseLocated(text);
  if (parsed.kind === 'refused') return parsed;
  const { root } = parsed;
  const problems: ConfigurationProblem[] = [];
  const remarks: string[] = [];
  const report: Report = {
    problem: ({ line }, message) => problems.push({ line, message }),
    remark: (sentence) => {
      if (!remarks.includes(sentence)) remarks.push(sentence);
    },
  };
  if (root.kind === 'list' && root.items.some((item) => item.kind === 'map' && item.entries.has('merge_method'))) {
    report.problem(root, 'got a list of configurations, as mergekit-multi has them: merge them one at a time');
  } else if (root.kind !== 'map') {
    report.problem(root, 'got no mergekit configuration, wanted merge_method and models');
  }
  const read = root.kind === 'map' ? readRoot(root, report) : undefined;
  if (problems.length > 0 || !read) return { kind: 'refused', problems };
  return { ...read, remarks };
}

function readRoot(root: LocatedMap, report: Report): MergekitConfiguration | undefined {
  const known = new Set<string>([...KEYS, ...Object.keys(NOTED)]);
  for (const key of root.entries.keys()) {
    if (Object.hasOwn(NOTED, key) && !isEmpty(root.entries.get(key))) report.remark(NOTED[key] ?? '');
    else if (!known.has(key)) report.remark(`${quote(key)} ${WITHOUT_EFFECT}, and none here.`);
  }
  const method = textAt(root, 'merge_method', report);
  if (method === undefined) report.problem(root, 'merge_method is missing: say how to merge, for example “linear”');
  const body = bodyOf(root, report);
  const base = referenceAt(root, 'base_model', report);
  const dtype = textAt(root, 'dtype', report);
  const outDtype = textAt(root, 'out_dtype', report);
  const tokens = tokensAsked(root, report);
  const parameters = settingsAt(root, report);
  if (method === undefined || !body) return undefined;
  const bases = [base, ...body.slices.map((slice) => slice.base)];
  return {
    kind: 'config',
    method,
    ...body,
    ...(base && { base }),
    parameters,
    ...(dtype !== undefined && { dtype }),
    ...(outDtype !== undefined && { outDtype }),
    ...(tokens && { tokens }),
    references: once([...body.slices.flatMap(({ sources }) => sources.map(({ model }) => model)), ...bases]),
    remarks: [],
  };
}

type Body = Pick<MergekitConfiguration, 'sliced' | 'slices' | 'moduleParameters'>;

const SHAPES = ['models', 'slices', 'modules'] as const;

function bodyOf(root: LocatedMap, report: Report): Body | undefined {
  const [shape, ...others] = SHAPES.filter((key) => !isEmpty(root.entries.get(key)));
  if (shape === undefined) {
    report.problem(root, 'models is missing or empty: list at least one model');
    return undefined;
  }
  for (const other of others)
    report.problem(root.entries.get(other) ?? root, `got both ${shape} and ${other}: mergekit takes one of them`);
  if (shape !== 'modules') return listed(root, shape, {}, report);
  const modules = root.entries.get('modules');
  const entries = modules?.kind === 'map' ? [...modules.entries] : [];
  const [[name, module] = [], ...more] = entries;
  if (module?.kind !== 'map' || more.length > 0) {
    report.problem(
      modules ?? root,
      `modules: got ${entries.length} modules, and parts of a model with settings of their own cannot be told apart here: write one module, or models`,
    );
    return undefined;
  }
  for (const key of module.entries.keys())
    if (!['models', 'slices', 'parameters'].includes(key))
      report.remark(`${quote(`${name}.${key}`)} ${WITHOUT_EFFECT}, and none here.`);
  const inner = isEmpty(module.entries.get('slices')) ? 'models' : 'slices';
  return listed(module, inner, settingsAt(module, report), report);
}

function listed(map: LocatedMap, shape: 'models' | 'slices', moduleParameters: Settings, report: Report) {
  const node = map.entries.get(shape);
  if (node?.kind !== 'list' || node.items.length === 0) {
    report.problem(node ?? map, `${shape} is missing or empty: list at least one`);
    return undefined;
  }
  if (shape === 'models') {
    const sources = node.items.flatMap((item) => sourceOf(item, false, report) ?? []);
    return { sliced: false, slices: [{ sources, parameters: {}, line: node.line }], moduleParameters };
  }
  return { sliced: true, slices: node.items.flatMap((item) => sliceOf(item, report) ?? []), moduleParameters };
}

function sliceOf(node: Located, report: Report): Slice | undefined {
  const list = node.kind === 'map' ? node.entries.get('sources') : undefined;
  if (node.kind !== 'map' || list?.kind !== 'list' || list.items.length === 0) {
    report.problem(node, 'got a slice without sources: write “sources:” with a model and its layer_range');
    return undefined;
  }
  tellUnknown(node, ['sources', 'base_model', 'residual_weight', 'parameters'], report);
  if (!isEmpty(node.entries.get('residual_weight'))) report.remark(`residual_weight ${WITHOUT_EFFECT}, and none here.`);
  const base = referenceAt(node, 'base_model', report);
  const sources = list.items.flatMap((item) => sourceOf(item, true, report) ?? []);
  return { sources, ...(base && { base }), parameters: settingsAt(node, report), line: node.line };
}

function sourceOf(node: Located, ranged: boolean, report: Report): Source | undefined {
  if (node.kind !== 'map') {
    report.problem(node, 'got no “model: <path>”: write one');
    return undefined;
  }
  tellUnknown(node, ['model', 'parameters', ...(ranged ? ['layer_range'] : [])], report);
  const model = referenceAt(node, 'model', report);
  if (!model) {
    if (isEmpty(node.entries.get('model'))) report.problem(node, 'got no “model: <path>”: write one');
    return undefined;
  }
  const layers = ranged ? rangeOf(node, report) : undefined;
  return { model, ...(layers && { layers }), parameters: settingsAt(node, report), line: node.line };
}

function rangeOf(node: LocatedMap, report: Report): readonly [number, number] | undefined {
  const range = node.entries.get('layer_range');
  const numbers = range?.kind === 'list' ? range.items.map((item) => (item.kind === 'scalar' ? item.value : null)) : [];
  const [from, to] = numbers;
  const whole = typeof from === 'number' && typeof to === 'number' && Number.isInteger(from) && Number.isInteger(to);
  if (whole && numbers.length === 2 && from >= 0 && to > from) return [from, to];
  report.problem(range ?? node, 'layer_range: wanted two whole numbers [from, to] with 0 ≤ from < to, such as [0, 16]');
  return undefined;
}

// ---------------------------------------------------------------- single entries

const isEmpty = (node: Located | undefined) =>
  node === undefined ||
  (node.kind === 'scalar' && (node.value === null || node.value === '')) ||
  (node.kind === 'list' && node.items.length === 0);

function tellUnknown(map: LocatedMap, known: readonly string[], report: Report): void {
  for (const key of map.entries.keys())
    if (!known.includes(key)) report.remark(`${quote(key)} in line ${map.line} ${WITHOUT_EFFECT}, and none here.`);
}

function textAt(map: LocatedMap, key: string, report: Report): string | undefined {
  const node = map.entries.get(key);
  if (!node || isEmpty(node)) return undefined;
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  report.problem(node, `${key}: got ${node.kind === 'scalar' ? quote(String(node.value)) : 'no text'}, wanted a text`);
  return undefined;
}

function referenceAt(map: LocatedMap, key: string, report: Report): ModelReference | undefined {
  const node = map.entries.get(key);
  return node && !isEmpty(node) ? referenceOf(node, key, report) : undefined;
}

function settingsAt(map: LocatedMap, report: Report): Settings {
  const node = map.entries.get('parameters');
  if (!node || isEmpty(node)) return {};
  if (node.kind !== 'map') {
    report.problem(node, 'parameters: got no “name: value”');
    return {};
  }
  const all: [string, Setting][] = [];
  for (const [name, value] of node.entries) {
    const setting = settingOf(value, name, report);
    if (setting !== undefined) all.push([name, setting]);
  }
  return Object.fromEntries(all);
}

function once(references: readonly (ModelReference | undefined)[]): ModelReference[] {
  const byText = new Map(references.flatMap((one) => (one ? [[one.text, one] as const] : [])));
  return [...byText.values()];
}
