/** Sizes as the page prints them. */

/** Bits as bytes: "0.42 MB", "13.1 kB", "4 B". */
export function bytesText(bits: number): string {
  const bytes = bits / 8;
  if (bytes >= 100_000) return `${(bytes / 1e6).toFixed(2)} MB`;
  return bytes >= 1000 ? `${(bytes / 1000).toFixed(1)} kB` : `${Math.round(bytes)} B`;
}

/** How many networks: "2.13", "4". */
export const timesText = (times: number): string => String(Number(times.toFixed(2)));
