/**
 * Merges a tensor in one look instead of two: bounds of its thresholds, known from a sample, are sure to decide most weights. These are
 * merged at once, the others when the thresholds are known. The result is the same.
 */
import type { Ranked } from '../../../core/stats/ranked.ts';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import type { LaneTensor } from '../lane.ts';
import type { DecidedRun } from './crew.ts';
import { type Cut, countOf, KEEP_ALL, type Sampled, type Trim, tiesLeft } from './cuts.ts';
import { type Deciding, MOST_UNDECIDED, type Sums, type Voting } from './kernels.ts';
import { type Looking, lookAt, type Place } from './look.ts';
import { homeOf, type Rooms, type Run } from './runs.ts';

/** Merged runs of a tensor that wait for its thresholds in memory. */
export const MOST_KEPT = 16;
/** Between the bounds there may be more than is expected: seldom by this factor. */
const MARGIN = 1.25;

interface Decisions {
  readonly sampled: Sampled;
  readonly trim: Trim;
  readonly voting: Voting;
  readonly looking: Looking;
  readonly rooms: Rooms;
  /** After each run. */
  readonly looked: () => Promise<void>;
}

/** @returns undefined where two looks are needed; what was learned of the thresholds is in the sample then */
export async function mergeAtOnce(tensor: LaneTensor, decisions: Decisions): Promise<readonly Run[] | undefined> {
  const { sampled, voting, looking, rooms, looked } = decisions;
  const { selects, places, ranked } = sampled;
  const { joining } = voting;
  if (joining === 'max' || places.length > MOST_KEPT || !isMostlyDecided(sampled)) return undefined;
  const { dtype } = tensor;
  const deciding: Deciding = { ...voting, joining, bounds: selects.map(({ bounds }) => bounds) };
  const runs: Decided[] = [];
  let crowded = false;
  await lookAt(looking, {
    places,
    work: (rows, count, _, home) =>
      looking.crew.run({ kind: 'decide', rows, count, deciding, dtype, room: rooms.take(dtype) }, home),
    async seen(run, place) {
      if (run) runs.push({ place, run });
      else crowded = true;
      await looked();
    },
    enough: () => crowded,
  });
  if (!crowded)
    for (const [expert, select] of selects.entries()) {
      for (const { run } of runs)
        select.add({ above: run.above[expert] ?? 0, heavy: [0, 0], others: run.others[expert] ?? new Uint32Array() });
      ranked[expert] = select.conclude();
    }
  if (ranked.includes(undefined)) {
    for (const { run } of runs) rooms.give(run.bytes);
    return undefined;
  }
  const cuts = await Promise.all(ranked.map((one, expert) => cutOf(one as Ranked, expert, runs, decisions)));
  return Promise.all(runs.map((one) => completed(one, cuts, decisions, dtype)));
}

interface Decided {
  readonly place: Place;
  readonly run: DecidedRun;
}

/** Numbers that very many changes have would leave too much undecided; zeros fill the last eight of a run up. */
const isMostlyDecided = ({ selects }: Sampled): boolean =>
  selects.every(({ bounds: { low, heavy } }) => low > 0 && Math.max(...heavy) < 0) &&
  selects.reduce((sum, { share }) => sum + share, 0) * MARGIN < 1 / MOST_UNDECIDED;

/** With a threshold known; changes that equal it are all among the undecided. */
async function cutOf(
  ranked: Ranked,
  expert: number,
  runs: readonly Decided[],
  { sampled: { kept }, trim, looking: { crew } }: Decisions,
): Promise<Cut> {
  const limit = ranked.pattern;
  let left = tiesLeft(ranked, kept, trim);
  if (left === undefined) return { limit, until: KEEP_ALL.until };
  for (const { place, run } of runs) {
    const equal = countOf(run.others[expert] as Uint32Array, limit);
    if (equal < left) {
      left -= equal;
      continue;
    }
    const { places, rows } = run.undecided;
    const pair = [rows[0], rows[expert + 1]].filter((row) => row !== undefined);
    const task = { kind: 'place', rows: pair, count: places.length, limit, nth: left } as const;
    const behind = await crew.run(task, homeOf(place.tensor, place.range));
    return { limit, until: place.range.from + (places[behind - 1] as number) + 1 };
  }
  throw new Error(`${left} changes that equal the threshold are missing`);
}

async function completed(
  { place: { tensor, range }, run }: Decided,
  cuts: readonly Cut[],
  { voting, looking: { crew } }: Decisions,
  dtype: WeightDtype,
): Promise<Run> {
  const { places, rows } = run.undecided;
  if (places.length === 0) return { ...range, sums: run };
  const election = {
    ...voting,
    cuts: cuts.map(({ limit, until }) => ({ limit, until: numberBelow(places, until - range.from) })),
  };
  const task = { kind: 'elect', rows, count: places.length, election, dtype, given: true } as const;
  const rest = await crew.run(task, homeOf(tensor, range));
  scatter(rest.bytes, places, run.bytes, WIDTH[dtype]);
  return { ...range, sums: sumOf(run, rest) };
}

const sumOf = ({ bytes, nonFinite, beyond }: Sums, rest: Sums): Sums => ({
  bytes,
  nonFinite: nonFinite + rest.nonFinite,
  beyond: beyond + rest.beyond,
});

/** How many of these ascending places are below. */
function numberBelow(places: Uint32Array, end: number): number {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((places[middle] as number) < end) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Numbers of 2 or 4 bytes to their places. */
function scatter(
  numbers: Uint8Array<ArrayBuffer>,
  places: Uint32Array,
  to: Uint8Array<ArrayBuffer>,
  width: number,
): void {
  const Words = width === 2 ? Uint16Array : Uint32Array;
  const from = new Words(numbers.buffer, numbers.byteOffset, places.length);
  const into = new Words(to.buffer, to.byteOffset, to.byteLength / width);
  for (let i = 0; i < places.length; i++) into[places[i] as number] = from[i] as number;
}
