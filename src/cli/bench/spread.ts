/** Times of one piece of work, told as a median with its extremes: a mean would hide what else the machine did. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('a spread needs at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place: number) => sorted[place] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, min: at(0), max: at(sorted.length - 1) };
}

/** One value without a spread, such as a size. */
export const exactly = (value: number): Spread => ({ median: value, min: value, max: value });

/** The same spread in another unit; a falling function (seconds to rates) swaps the ends. */
export function mapSpread({ median, min, max }: Spread, change: (value: number) => number): Spread {
  const ends = [change(min), change(max)];
  return { median: change(median), min: Math.min(...ends), max: Math.max(...ends) };
}

/**
 * Runs work again and again.
 * @param warmUps runs that are not counted: the compiler is still learning
 * @returns milliseconds of one run
 */
export async function time(
  work: () => unknown,
  { rounds, warmUps = 1 }: { readonly rounds: number; readonly warmUps?: number },
): Promise<Spread> {
  const took: number[] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const started = performance.now();
    await work();
    const ms = performance.now() - started;
    if (round >= 0) took.push(ms);
  }
  return spreadOf(took);
}
