/** Numbers as the whole page prints them. */

/** 0.8321 → "83.2": percent with one decimal; the sign is set beside it. */
export const percent = (share: number): string => (share * 100).toFixed(1);

/** 0.968 → "97 %" */
export const wholePercent = (share: number): string => `${Math.round(share * 100)} %`;

/** 1234567 → "1.2 MB" */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** 3.2 → "3 s", 95 → "1 min 35 s", 601 → "10 min": no finer than a guess is worth. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole >= 120) return `${Math.round(whole / 60)} min`;
  return whole === 60 ? '1 min' : `1 min ${whole - 60} s`;
}

/** Enough of a merge id to tell two merges apart by eye. */
export const shortId = (mergeId: string): string => mergeId.slice(0, 6);
