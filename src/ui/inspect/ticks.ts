/** Round values along an axis. */

const ROUND = [1, 2, 2.5, 5, 10] as const;
const MOST_STEPS = 4;
/** What is smaller is drawn as zero. */
const SMALLEST = 1e-300;

/** From a round value at or below `low` to one at or above `high`, in at most four equal round steps; two values at least. */
export function ticksOver(low: number, high: number): readonly number[] {
  const spread = [high - low, Math.abs(high)].find((size) => size > SMALLEST) ?? 1;
  const size = 10 ** Math.floor(Math.log10(spread / MOST_STEPS));
  for (const times of ROUND) {
    const step = times * size;
    const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
    if (last - first > MOST_STEPS) continue;
    const steps = Math.max(1, last - first);
    // Numbers such as 0.30000000000000004 are no round values.
    return Array.from({ length: steps + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  }
  return [low, high];
}
