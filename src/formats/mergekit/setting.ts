/** A parameter as it is written, and what it says to one tensor. */
import { quote } from '../link-text.ts';
import type { Conditional, Report, Scalar, Setting, Settings, Values } from './configuration.ts';
import type { Located } from './located.ts';

const WANTED = 'wanted a value, a list of values, or a list of “value” with “filter”';

/** @returns undefined where nothing is set, or a problem was told */
export function settingOf(node: Located, name: string, report: Report): Setting | undefined {
  if (node.kind === 'map') return conditional(node, name, report);
  if (node.kind === 'scalar') return scalarOf(node, name, report);
  const maps = node.items.filter((item) => item.kind === 'map');
  if (maps.length === 0) return valuesOf(node, name, report);
  if (maps.length < node.items.length) {
    report.problem(node, `parameters.${name}: got values and filters in one list, ${WANTED}`);
    return undefined;
  }
  return node.items.flatMap((item) => conditional(item, name, report) ?? []);
}

function conditional(node: Located, name: string, report: Report): readonly Conditional[] | undefined {
  if (node.kind !== 'map') return undefined;
  const inner = node.entries.get('value');
  const value = inner && inner.kind !== 'map' ? valuesOf(inner, name, report) : undefined;
  if (value === undefined) {
    report.problem(node, `parameters.${name}: got no “value” that is one value or a list of them, ${WANTED}`);
    return undefined;
  }
  const filter = node.entries.get('filter');
  if (filter === undefined || (filter.kind === 'scalar' && filter.value === null)) return [{ value }];
  if (filter.kind === 'scalar' && typeof filter.value === 'string') return [{ filter: filter.value, value }];
  report.problem(filter, `parameters.${name}: got a filter that is no text: put it in quotes`);
  return undefined;
}

function valuesOf(node: Located, name: string, report: Report): Values | undefined {
  if (node.kind === 'scalar') return scalarOf(node, name, report);
  if (node.kind === 'map') return undefined;
  const all = node.items.map((item) => (item.kind === 'scalar' ? scalarOf(item, name, report) : undefined));
  const scalars = all.filter((one) => one !== undefined);
  if (scalars.length === all.length) return scalars;
  report.problem(node, `parameters.${name}: got a list of something else than values, ${WANTED}`);
  return undefined;
}

function scalarOf(node: Located & { readonly kind: 'scalar' }, name: string, report: Report): Scalar | undefined {
  const { value } = node;
  if (value === null) return undefined;
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  report.problem(node, `parameters.${name}: got ${quote(String(value))}, wanted a finite number`);
  return undefined;
}

// ---------------------------------------------------------------- for one tensor

/** What a parameter is read as, and what became of it; a text where neither fits. */
export type Kind = 'number' | 'boolean';

export interface Place {
  /** Of the tensor: filters are parts of it. */
  readonly name: string;
  /** Of its layer in the slice, 0 at the first, 1 at the last; 0 outside of layers. */
  readonly t: number;
}

/**
 * The first of the settings, most particular first, that says something about the tensor.
 * @throws NoValue where it is of another kind
 */
export function valueAt(
  name: string,
  kind: Kind,
  settings: readonly Settings[],
  place: Place,
): number | boolean | undefined {
  for (const scope of settings) {
    const setting = Object.hasOwn(scope, name) ? scope[name] : undefined;
    const value = setting === undefined ? undefined : evaluated(setting, place, (one) => converted(one, kind, name));
    if (value !== undefined) return value;
  }
  return undefined;
}

type Converted = number | boolean;

function evaluated(setting: Setting, place: Place, convert: (one: Scalar) => Converted): Converted | undefined {
  if (!isList(setting)) return convert(setting);
  const conditionals = setting.filter(isConditional);
  if (conditionals.length === 0) return interpolated(setting.filter(isScalar).map(convert), place.t);
  const holding = conditionals.find(
    ({ filter }) => filter === undefined || filter === '*' || place.name.includes(filter),
  );
  return holding && evaluated(holding.value, place, convert);
}

const isList = (setting: Setting): setting is Exclude<Setting, Scalar> => typeof setting === 'object';
const isConditional = (one: Scalar | Conditional): one is Conditional => typeof one === 'object';
const isScalar = (one: Scalar | Conditional): one is Scalar => typeof one !== 'object';

/** Numbers are joined by straight lines, switches by steps. */
function interpolated(values: readonly Converted[], t: number): Converted | undefined {
  const at = t * (values.length - 1);
  const before = Math.floor(at);
  const from = values[before];
  const to = values[Math.min(values.length - 1, before + 1)];
  if (typeof from !== 'number' || typeof to !== 'number') return from;
  return (1 - (at - before)) * from + (at - before) * to;
}

/** A value of the wrong kind, in words. */
export class NoValue extends Error {}

const YES = ['1', 'true', 'yes', 'on', 't', 'y'];
const NO = ['0', 'false', 'no', 'off', 'f', 'n'];

/** As lenient as mergekit: texts that are numbers count as numbers, and 0 and 1 as switches. */
function converted(value: Scalar, kind: Kind, name: string): Converted {
  if (kind === 'number') {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    if (Number.isFinite(number)) return number;
  } else {
    const text = String(value).toLowerCase();
    if (YES.includes(text)) return true;
    if (NO.includes(text)) return false;
  }
  const wanted = kind === 'number' ? 'a number' : 'true or false';
  throw new NoValue(`parameters.${name}: got ${quote(String(value))}, wanted ${wanted}`);
}
