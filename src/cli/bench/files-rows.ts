/** The rows of merges of large files: bytes per second beside a plain copy's, and memory. */
import { ALL_SUBJECTS, MODELS, SUBJECTS, type Subject, THREADS } from './files-subjects.ts';
import type { Row } from './report.ts';
import { exactly, mapSpread, type Spread } from './spread.ts';

const PEAK_GOAL_MB = 400;

/** Several runs of one merge. */
export interface Runs {
  /** From the first byte read to the last one written. */
  readonly ms: Spread;
  /** With reading the output again and its checksum. */
  readonly wholeMs: Spread;
  /** Of the process; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  /** More about the memory. */
  readonly beside?: string;
}

/** @param size bytes of one model @param copyMs of copying all models' bytes in, one model's out */
export async function filesRows(
  size: number,
  copy: { readonly ms: Spread; readonly what: string },
  measure: (subject: Subject, threads: number) => Promise<Runs>,
): Promise<Row[]> {
  const rateOf = (models: number, ms: Spread) => mapSpread(ms, (value) => ((models + 1) * size) / (value * 1e6));
  const share = (rate: Spread, of: Spread) => `${((100 * rate.median) / of.median).toFixed(0)} %`;
  const copied = rateOf(MODELS, copy.ms);
  const rows: Row[] = [{ what: copy.what, measured: copied, unit: 'GB/s', beside: 'files in the system’s cache' }];
  const peaks: number[] = [];
  const linear: Spread[] = [];
  for (const subject of ALL_SUBJECTS)
    for (const threads of THREADS) {
      const { ms, wholeMs, peakBytes, beside } = await measure(subject, threads);
      const own = rateOf(subject.models, ms);
      if (subject === SUBJECTS.linear) linear[threads] = own;
      const plain = linear[threads];
      if (peakBytes !== undefined) peaks.push(peakBytes / 1e6);
      rows.push({
        what: `${subject.what}, ${threads} ${threads > 1 ? 'threads' : 'thread'}`,
        measured: own,
        unit: 'GB/s',
        beside: [
          `${share(own, copied)} of the copy`,
          ...(plain && subject !== SUBJECTS.linear ? [`, ${share(own, plain)} of linear`] : []),
          `; with re-reading and checksum ${(wholeMs.median / 1000).toFixed(1)} s`,
          ...(peakBytes === undefined ? [] : [`; peak ${(peakBytes / 1e6).toFixed(0)} MB`]),
          ...(beside === undefined ? [] : [`, ${beside}`]),
        ].join(''),
      });
    }
  if (peaks.length === 0) return rows;
  const peak = exactly(Math.max(...peaks));
  return [...rows, { what: 'peak memory of them all', measured: peak, unit: 'MB', goal: PEAK_GOAL_MB }];
}
