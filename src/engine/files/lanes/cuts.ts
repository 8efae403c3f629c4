/** The thresholds of a trimming, exact, mostly from a sample and one look at all changes. */
import { type Bounds, BracketSelect, type Found, LARGEST_FINITE } from '../../../core/stats/bracket.ts';
import { type Ranked, signed } from '../../../core/stats/ranked.ts';
import type { ElectedForm } from '../../../methods/define.ts';
import type { LaneTensor } from '../lane.ts';
import type { RunCut } from './kernels.ts';
import { BLOCK } from './kernels.ts';
import { type Looking, lookAt, type Place, placesOf } from './look.ts';
import { sampleSize, stepFor } from './looks.ts';
import { explain, homeOf, lengthOf, type Range, sizeOf } from './runs.ts';
import { openRanks } from './simd-ranks.ts';

export type Trim = NonNullable<ElectedForm['trim']>;

/** Which changes of an expert stay; `until` counts from the beginning of the tensor. */
export type Cut = RunCut;

export const KEEP_ALL: Cut = { limit: 0, until: Number.POSITIVE_INFINITY };

/** Changes of an expert in a sample: of one tensor, and of a network. */
const SAMPLE = { tensor: 2 ** 16, network: 2 ** 18 } as const;
/** With so few weights thresholds are found among all of them. */
const FEW = 2 ** 16;
/** Runs that a sample is taken from. */
const SAMPLED_RUNS = { tensor: 16, network: 1024 } as const;
/** What is known of thresholds before all changes are looked at: they themselves where there are few changes, else a sample. */
export type Begun = { readonly cuts: readonly Cut[] } | Sampled;

export interface Sampled {
  readonly places: readonly Place[];
  /** Of each expert's changes. */
  readonly kept: number;
  readonly selects: readonly BracketSelect[];
  /** Of each expert, when it is known. */
  readonly ranked: (Ranked | undefined)[];
}

/** Of each expert, over all these tensors; over a single one where ties are kept in their order. */
export async function beginCuts(tensors: readonly LaneTensor[], trim: Trim, looking: Looking): Promise<Begun> {
  const total = tensors.reduce((sum, tensor) => sum + sizeOf(tensor), 0);
  const experts = tensors[0]?.experts.length ?? 0;
  const kept = Math.max(1, trim.kept(total));
  if (kept >= total) return { cuts: Array.from({ length: experts }, () => KEEP_ALL) };
  const places = placesOf(tensors);
  const samples = await takeSamples(places, total, experts, trim.scope, looking);
  const [only] = places;
  if (only && places.length === 1 && samples[0]?.length === total)
    return { cuts: await Promise.all(samples.map((patterns) => cutOf(patterns, kept, trim, only))) };
  const ranks = await openRanks();
  const selects = samples.map((patterns) => new BracketSelect(patterns, total, kept, ranks));
  return { places, kept, selects, ranked: selects.map(() => undefined) };
}

/** @param looked after each run; told a tensor when all its runs were looked at, which may happen more than once */
export async function finishCuts(
  begun: Begun,
  trim: Trim,
  looking: Looking,
  looked: (ended?: LaneTensor) => Promise<void>,
): Promise<readonly Cut[]> {
  if ('cuts' in begun) return begun.cuts;
  const { places, kept, selects, ranked } = begun;
  /** What was found last, of each run. */
  let runs: Seen[] = [];
  while (ranked.includes(undefined)) {
    const bounds = selects.map((select) => select.bounds);
    runs = [];
    await lookAt(looking, {
      places,
      work: (rows, count, _, home) => looking.crew.run({ kind: 'bracket', rows, count, bounds }, home),
      async seen(found, place) {
        const { tensor, range } = place;
        if (!found) return explain(tensor, range, `changes from ${range.from} on are not finite.`);
        for (const [expert, one] of found.entries()) if (!ranked[expert]) selects[expert]?.add(one);
        if (trim.ties === 'first') runs.push({ place, found });
        await looked(range.to === sizeOf(tensor) ? tensor : undefined);
      },
    });
    for (const [expert, select] of selects.entries()) ranked[expert] ??= select.conclude();
  }
  const cutFor = async (select: BracketSelect, expert: number): Promise<Cut> => {
    const one = ranked[expert] as Ranked;
    const left = tiesLeft(one, kept, trim);
    if (left === undefined) return { limit: one.pattern, until: KEEP_ALL.until };
    const until = await endOfTies(runs, expert, one.pattern, left, select.bounds, looking);
    return { limit: one.pattern, until };
  };
  return Promise.all(selects.map(cutFor));
}

/** How many of the changes that equal the threshold stay; undefined where all do, or where it makes no difference. */
export function tiesLeft({ pattern, equal, greater }: Ranked, kept: number, { ties }: Trim): number | undefined {
  const left = kept - greater;
  // It makes no difference which zeros stay.
  return ties === 'all' || left >= equal || pattern === 0 ? undefined : left;
}

interface Seen {
  readonly place: Place;
  readonly found: readonly Found[];
}

/** |change| of some weights of each expert, spread evenly; of all where there are few. */
async function takeSamples(
  places: readonly Place[],
  total: number,
  experts: number,
  scope: Trim['scope'],
  looking: Looking,
): Promise<readonly Uint32Array[]> {
  const step = Math.max(1, places.length / SAMPLED_RUNS[scope]);
  const chosen = Array.from(
    { length: Math.ceil(places.length / step) },
    (_, i) => places[Math.floor(i * step)] as Place,
  );
  const weights = chosen.reduce((sum, { range }) => sum + lengthOf(range), 0);
  const every = scope === 'tensor' && total <= FEW ? 1 : Math.max(3, stepFor(SAMPLE[scope], weights));
  const parts: Uint32Array[][] = Array.from({ length: experts }, () => []);
  await lookAt(looking, {
    places: chosen,
    work: (rows, count, _, home) => looking.crew.run({ kind: 'sample', rows, count, every }, home),
    seen(patterns, { range }) {
      const size = sampleSize(lengthOf(range), every);
      for (const [expert, part] of parts.entries()) part.push(patterns.subarray(expert * size, (expert + 1) * size));
    },
  });
  return parts.map(joined);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** From the magnitudes of all changes of an expert, in their order. */
async function cutOf(patterns: Uint32Array, kept: number, trim: Trim, { tensor, range }: Place): Promise<Cut> {
  if (patterns.some((pattern) => pattern > LARGEST_FINITE))
    return explain(tensor, range, 'some changes are not finite.');
  // In range: some changes are kept, and not all.
  const limit = patterns.slice().sort()[patterns.length - kept] as number;
  if (trim.ties === 'all' || limit === 0) return { limit, until: KEEP_ALL.until };
  let left = kept - patterns.reduce((sum, pattern) => sum + Number(pattern > limit), 0);
  const last = patterns.findIndex((pattern) => pattern === limit && --left === 0);
  return { limit, until: last + 1 };
}

/** The place after so many changes of that magnitude. */
async function endOfTies(
  runs: readonly Seen[],
  expert: number,
  limit: number,
  ties: number,
  { heavy }: Bounds,
  { crew, rowOf }: Looking,
): Promise<number> {
  const counted = heavy.indexOf(limit);
  const equalIn = ({ heavy: counts, others }: Found) => counts[counted] ?? countOf(others, limit);
  let nth = ties;
  for (const { place, found } of runs) {
    const equal = equalIn(found[expert] as Found);
    if (equal < nth) {
      nth -= equal;
      continue;
    }
    const { tensor } = place;
    const { range, nth: inRange } =
      counted < 0 ? blockOf(place.range, found[expert] as Found, limit, nth) : { range: place.range, nth };
    const parts = [tensor.base, tensor.experts[expert]].filter((part) => part !== null && part !== undefined);
    const rows = await Promise.all(parts.map((part) => rowOf(part, range)));
    const task = { kind: 'place', rows, count: lengthOf(range), limit, nth: inRange } as const;
    return range.from + (await crew.run(task, homeOf(tensor, place.range)));
  }
  throw new Error(`${nth} of ${ties} equal changes are missing`);
}

/** The block in which the nth of equal changes is, and which one of them it is there. */
function blockOf({ from, to }: Range, { others, ends }: Found, limit: number, nth: number) {
  let left = nth;
  let block = 0;
  for (let i = 0; i < others.length; i++) {
    while (i >= (ends[block] as number)) block++;
    if (others[i] === limit && --left === 0) {
      const first = block === 0 ? 0 : (ends[block - 1] as number);
      const range = { from: from + block * BLOCK, to: Math.min(to, from + (block + 1) * BLOCK) };
      return { range, nth: countOf(others.subarray(first, i + 1), limit) };
    }
  }
  throw new Error(`${left} of ${nth} equal changes are missing`);
}

export function countOf(list: Uint32Array, wanted: number): number {
  const patterns = signed(list);
  let count = 0;
  for (let i = 0; i < patterns.length; i++) if (patterns[i] === wanted) count++;
  return count;
}
