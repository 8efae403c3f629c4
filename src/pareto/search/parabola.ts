/**
 * Where the parabola through (−1, back), (0, centre), (1, ahead) peaks, within ±1; 0 where it has no peak. Its second difference
 * is back − 2 centre + ahead, negative for a peak.
 */
export function parabolaPeak(back: number, centre: number, ahead: number): number {
  const bend = back - 2 * centre + ahead;
  if (!(bend < 0)) return 0;
  return Math.max(-1, Math.min(1, (back - ahead) / (2 * bend)));
}
