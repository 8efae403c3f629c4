/**
 * Curves and filters as one value of a share link: `d.` and base64url of a raw DEFLATE stream of JSON, for curves have more numbers
 * than anybody reads. The JSON is `{ c: { <control>: [curve of each expert] }, f: [[left-out kinds], name patterns] }`, where a curve is
 * `[[factors over depth], [factors of attention, MLP, norm, embedding]]`, the second list left out where all of it is 1, and 0 stands
 * for a curve that changes nothing.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
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
import { cleanFilter, KINDS, refuseNames } from './tensor-filter.ts';

const CODEC = 'd.';
/** A control's curves for all experts of a family, many times over: a hostile stream unpacks no further. */
const MAX_UNPACKED_BYTES = 64_000;

/** The value of the link's `c`, or undefined where there is nothing to say. */
export function writeShape({ curves, filter }: Shape): string | undefined {
  if (!curves && !filter) return undefined;
  const packed = Object.entries(curves ?? {}).map(([key, all]) => [key, all.map(packedCurve)] as const);
  const json = {
    ...(curves && { c: Object.fromEntries(packed) }),
    ...(filter && { f: [filter.without, filter.names] }),
  };
  return CODEC + toBase64Url(deflateSync(strToU8(JSON.stringify(json)), { level: 9 }));
}

function packedCurve(curve: Curve) {
  if (isNeutral(curve)) return 0;
  const groups = CURVE_GROUPS.map((group) => curve.groups[group]);
  return groups.every((factor) => factor === 1) ? [curve.points] : [curve.points, groups];
}

/**
 * Reads what `writeShape` wrote. Never throws: what cannot be read is left out and noted, a sentence each.
 * @returns curves by control as the link has them; the recipe cleans them
 */
export function readShape(text: string, notes: string[]): Shape {
  const json = unpacked(text);
  if (!isRecord(json)) {
    notes.push('c: the curves and filters of the link are damaged and left out; it may have been cut off.');
    return {};
  }
  const damaged: string[] = [];
  const curves = isRecord(json.c) ? readCurves(json.c, damaged) : undefined;
  const filter = json.f === undefined ? undefined : readFilter(json.f, damaged);
  if (json.c !== undefined && !curves) damaged.push('the curves are no lists by control and are left out');
  for (const what of new Set(damaged)) notes.push(`c: ${what}.`);
  return { ...(curves && { curves }), ...(filter && { filter }) };
}

function unpacked(text: string): unknown {
  if (!text.startsWith(CODEC)) return undefined;
  try {
    const bytes = fromBase64Url(text.slice(CODEC.length));
    return JSON.parse(strFromU8(inflateSync(bytes, { out: new Uint8Array(MAX_UNPACKED_BYTES) })));
  } catch {
    return undefined;
  }
}

function readCurves(json: Readonly<Record<string, unknown>>, damaged: string[]): Shape['curves'] {
  const all = Object.entries(json).map(([key, list]) => {
    if (!Array.isArray(list)) damaged.push('the curves of one control are no list and are left out');
    return [key, (Array.isArray(list) ? list : []).map((packed) => readCurve(packed, damaged))] as const;
  });
  // A flat curve in a list has as many points as its neighbours, so that it can be drawn on like them.
  const alike = all.map(([key, curves]) => {
    const points = Math.max(1, ...curves.map((curve) => curve?.points.length ?? 0));
    return [key, curves.map((curve) => curve ?? flatCurve(points))] as const;
  });
  return Object.fromEntries(alike);
}

/** @returns undefined for a curve that changes nothing */
function readCurve(packed: unknown, damaged: string[]): Curve | undefined {
  if (packed === 0) return undefined;
  const [points, groups = [1, 1, 1, 1]] = Array.isArray(packed) ? packed : [];
  if (!isFactors(points) || !isFactors(groups) || points.length > MAX_POINTS || groups.length !== CURVE_GROUPS.length) {
    damaged.push('a curve is no list of factors and is left out');
    return undefined;
  }
  if ([...points, ...groups].some((factor) => factor < FACTOR.min || factor > FACTOR.max))
    damaged.push(`a factor outside ${FACTOR.min} to ${FACTOR.max} is moved inside`);
  const [attention = 1, mlp = 1, norm = 1, embedding = 1] = groups;
  return clampCurve({ points, groups: { attention, mlp, norm, embedding } });
}

function readFilter(json: unknown, damaged: string[]): Shape['filter'] {
  const [without, names] = Array.isArray(json) ? json : [];
  if (!Array.isArray(without) || typeof names !== 'string') {
    damaged.push('the filter is no list of kinds and names and is left out');
    return undefined;
  }
  const kinds = KINDS.filter((kind) => without.includes(kind));
  if (kinds.length < without.length)
    damaged.push('the filter names kinds of tensors that this studio does not know; they are left out');
  const refusal = refuseNames(names);
  if (refusal !== undefined) damaged.push(`${refusal}; those of the link are left out`);
  return cleanFilter({ without: kinds, names });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFactors = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number' && Number.isFinite(one));

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @throws Error when the text is no base64url */
function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}
