/**
 * Curves and filters in a share link, as readable as its other parts: `c.<control>=<a curve of each expert>`, `f=<left-out kinds>` and
 * `f.names=<patterns>`. A curve is its factors over depth between slashes, with those of attention, MLP, norms and embeddings behind an
 * underscore where not all of them are 1: `0/.5/1.5_1/.5/1/1`; a single 1 changes nothing. Stars and exclamation marks, which programs
 * take for marks of their own, are written `+` and `/`.
 */
import {
  CURVE_GROUPS,
  type Curve,
  clampCurve,
  FACTOR,
  flatCurve,
  isNeutral,
  MAX_POINTS,
  type Shape,
} from './curves.ts';
import { encode, readNumber, shortNumber, splitList } from './link-text.ts';
import { cleanFilter, KINDS, refuseNames, type TensorFilter } from './tensor-filter.ts';

const CURVES = 'c.';
const KINDS_KEY = 'f';
const NAMES_KEY = 'f.names';

export const isShapeKey = (key: string) => key.startsWith(CURVES) || key === KINDS_KEY || key === NAMES_KEY;

/** The parts of the link. */
export function writeShape({ curves = {}, filter }: Shape): string[] {
  return [
    ...Object.entries(curves).map(([key, all]) => `${CURVES}${encode(key)}=${all.map(writeCurve).join()}`),
    ...(filter && filter.without.length > 0 ? [`${KINDS_KEY}=${filter.without.join()}`] : []),
    ...(filter && filter.names !== '' ? [`${NAMES_KEY}=${writeNames(filter.names)}`] : []),
  ];
}

function writeCurve(curve: Curve): string {
  if (isNeutral(curve)) return '1';
  const points = curve.points.map(shortNumber).join('/');
  const groups = CURVE_GROUPS.map((group) => curve.groups[group]);
  return groups.every((factor) => factor === 1) ? points : `${points}_${groups.map(shortNumber).join('/')}`;
}

/**
 * Reads what `writeShape` wrote. Never throws: what cannot be read is left out and noted, a sentence each.
 * @param values of the link by key
 * @returns curves by control as the link has them; the recipe cleans them
 */
export function readShape(values: ReadonlyMap<string, string>, notes: string[]): Shape {
  const all = [...values].filter(([key]) => key.startsWith(CURVES));
  const curves = all.map(([key, text]) => [key.slice(CURVES.length), readCurves(key, text, notes)] as const);
  const filter = readFilter(values, notes);
  return { ...(all.length > 0 && { curves: Object.fromEntries(curves) }), ...(filter && { filter }) };
}

function readCurves(key: string, text: string, notes: string[]): Curve[] {
  const damaged = new Set<string>();
  const curves = splitList(text).map((one) => readCurve(one, damaged));
  for (const what of damaged) notes.push(`${key}: ${what}.`);
  // A flat curve in a list has as many points as its neighbours, so that it can be drawn on like them.
  const points = Math.max(1, ...curves.map((curve) => curve?.points.length ?? 0));
  return curves.map((curve) => curve ?? flatCurve(points));
}

/** @returns undefined for a curve that changes nothing */
function readCurve(text: string, damaged: Set<string>): Curve | undefined {
  const [depths = '', kinds = '1/1/1/1', ...more] = text.split('_');
  const points = readFactors(depths);
  const groups = readFactors(kinds);
  if (!points || !groups || more.length > 0 || points.length > MAX_POINTS || groups.length !== CURVE_GROUPS.length) {
    damaged.add('a curve is no list of factors and is left out');
    return undefined;
  }
  if ([...points, ...groups].some((factor) => factor < FACTOR.min || factor > FACTOR.max))
    damaged.add(`a factor outside ${FACTOR.min} to ${FACTOR.max} is moved inside`);
  const [attention = 1, mlp = 1, norm = 1, embedding = 1] = groups;
  const curve = clampCurve({ points, groups: { attention, mlp, norm, embedding } });
  return isNeutral(curve) ? undefined : curve;
}

function readFactors(text: string): number[] | undefined {
  const all = text.split('/').map(readNumber);
  const read = all.filter((one) => one !== undefined);
  return read.length === all.length ? read : undefined;
}

const writeNames = (names: string) => names.replaceAll('*', '+').replaceAll('!', '/');
/** Some programs turn the plus signs of an address into spaces. */
const readNames = (text: string) => text.replace(/[+ ]/g, '*').replaceAll('/', '!');

function readFilter(values: ReadonlyMap<string, string>, notes: string[]): TensorFilter | undefined {
  const without = splitList(values.get(KINDS_KEY) ?? '');
  const kinds = KINDS.filter((kind) => without.includes(kind));
  if (kinds.length < without.length)
    notes.push(`${KINDS_KEY}: the filter names kinds of tensors that this studio does not know; they are left out.`);
  const names = readNames(values.get(NAMES_KEY) ?? '');
  const refusal = refuseNames(names);
  if (refusal !== undefined) notes.push(`${NAMES_KEY}: ${refusal}; those of the link are left out.`);
  return cleanFilter({ without: kinds, names });
}
