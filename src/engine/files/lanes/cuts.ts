/** The thresholds of a trimming, exact, from magnitudes that are counted twice. */
import { MagnitudeSelect, TALLY_BINS } from '../../../core/stats/select.ts';
import type { ElectedForm } from '../../../methods/define.ts';
import type { LaneTensor } from '../lane.ts';
import type { Crew } from './crew.ts';
import { type Inputs, lookAt } from './inputs.ts';
import type { Pattern, Row, RunCut } from './kernels.ts';
import { decode } from './plain.ts';
import { explain, type Range, sizeOf } from './runs.ts';

export type Trim = NonNullable<ElectedForm['trim']>;

/** Which changes of an expert stay; `until` counts from the beginning of the tensor. */
export type Cut = RunCut;

export const KEEP_ALL: Cut = { limit: 0, until: Number.POSITIVE_INFINITY };

interface Looking {
  readonly crew: Crew;
  /** After each run. @param ended a tensor, for the first or the second time */
  looked(ended: LaneTensor | undefined): Promise<void>;
  /** Whether the inputs are wanted once more afterwards. */
  readonly again: boolean;
}

/** Upper 16 of the 31 bits of infinity's pattern. */
const ENDLESS = 0x7f800000 >>> 15;

/** Of each expert, over all these tensors. */
export async function findCuts(
  tensors: readonly Inputs[],
  trim: Trim,
  { crew, looked, again }: Looking,
): Promise<readonly Cut[]> {
  const experts = tensors[0]?.tensor.experts.length ?? 0;
  const selects = Array.from({ length: experts }, () => new MagnitudeSelect());
  const most = crew.size + 1;
  for (const pass of ['upper', 'lower'] as const) {
    const highs = selects.map(({ high }) => high);
    await lookAt({
      tensors,
      again: again || pass === 'upper' || trim.ties === 'first',
      most,
      work: (rows, range) => crew.run({ kind: 'tally', rows, count: range.to - range.from, highs }),
      async seen(counts, range, tensor) {
        for (const [expert, select] of selects.entries()) {
          const own = counts.subarray(expert * TALLY_BINS, (expert + 1) * TALLY_BINS);
          if (pass === 'upper' && own.subarray(ENDLESS).some((count) => count > 0))
            await explain(tensor, range, `changes from ${range.from} on are not finite.`);
          select.addCounts(own);
        }
        await looked(range.to === sizeOf(tensor) ? tensor : undefined);
      },
    });
    if (pass === 'upper')
      for (const select of selects) select.narrow(Math.max(1, select.total - trim.kept(select.total) + 1));
  }
  const chosen = selects.map((select) => {
    const left = trim.kept(select.total);
    if (left >= select.total) return { ...KEEP_ALL, ties: 0 };
    const { value, equal, greater } = select.result();
    const ties = left - greater;
    // It makes no difference which zeros stay.
    return {
      limit: patternOf(value),
      until: KEEP_ALL.until,
      ties: trim.ties === 'all' || ties >= equal || value === 0 ? 0 : ties,
    };
  });
  const placed: Cut[] = chosen.map(({ limit, until }) => ({ limit, until }));
  const [only] = tensors;
  if (!only || trim.ties === 'all' || chosen.every(({ ties }) => ties === 0)) return placed;
  return placeTies(only, chosen, crew, again);
}

const patternOf = (value: number): Pattern => new Uint32Array(Float32Array.of(value).buffer)[0] as number;

interface Tied extends Cut {
  /** How many changes of that very magnitude stay, the first ones; 0 where all do. */
  readonly ties: number;
}

/** Where the last one of those that stay is, and behind it. */
async function placeTies(inputs: Inputs, chosen: readonly Tied[], crew: Crew, again: boolean): Promise<readonly Cut[]> {
  const left = chosen.map(({ ties }) => ties);
  const ends: (Range | undefined)[] = chosen.map(() => undefined);
  const limits = chosen.map(({ limit }) => limit);
  await lookAt({
    tensors: [inputs],
    // The one run where an expert's equals end is looked at once more.
    again: true,
    most: crew.size + 1,
    work: (rows, range) => crew.run({ kind: 'equal', rows, count: range.to - range.from, limits }),
    seen(counts, range) {
      for (const [expert, ties] of left.entries()) {
        const equal = counts[expert] as number;
        if (ties === 0 || ends[expert]) continue;
        if (equal >= ties) ends[expert] = range;
        else left[expert] = ties - equal;
      }
    },
  });
  const placed: Cut[] = [];
  for (const [expert, { limit, until }] of chosen.entries()) {
    const range = ends[expert];
    if (!range) {
      placed.push({ limit, until });
      continue;
    }
    const rows = await inputs.take(range);
    placed.push({ limit, until: range.from + endOfTies(rows, expert, limit, left[expert] as number) });
    inputs.give(range, rows, again);
  }
  return placed;
}

/** The place after so many changes of that magnitude. */
function endOfTies([base, ...experts]: readonly Row[], expert: number, limit: Pattern, ties: number): number {
  const row = experts[expert];
  if (!base || !row) throw new Error(`expert ${expert} of ${experts.length}`);
  const [from, to] = [decode(base), decode(row)];
  const magnitude = new Float32Array(Uint32Array.of(limit).buffer)[0] as number;
  let left = ties;
  // In range: both rows have the run's length.
  for (let i = 0; i < to.length; i++) {
    if (Math.abs(Math.fround((to[i] as number) - (from[i] as number))) === magnitude) left--;
    if (left === 0) return i + 1;
  }
  throw new Error(`${left} of ${ties} equal changes are missing`);
}
