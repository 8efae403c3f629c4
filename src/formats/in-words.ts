/** Sizes, counts, shapes and times as people read them. */

const BYTES = [
  [1, 'bytes'],
  [1e3, 'kB'],
  [1e6, 'MB'],
  [1e9, 'GB'],
  [1e12, 'TB'],
] as const;
const COUNTS = [
  [1, ''],
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'B'],
  [1e12, 'T'],
] as const;
const DIGITS = 3;

type Units = readonly (readonly [size: number, name: string])[];

/** Three digits, of the largest unit of which there is at least one after rounding: 999.9 kB is 1 MB. */
function inUnits(value: number, units: Units): string {
  const rounded = (size: number) => (size === 1 ? Math.round(value) : Number((value / size).toPrecision(DIGITS)));
  const [size, name] = units.findLast((unit) => rounded(unit[0]) >= 1) ?? [1, units[0]?.[1] ?? ''];
  return `${rounded(size)} ${name}`.trim();
}

/** 13476854784 → “13.5 GB” */
export const bytesInWords = (bytes: number): string => (Math.round(bytes) === 1 ? '1 byte' : inUnits(bytes, BYTES));

/** 7241732096 → “7.24 B” */
export const countInWords = (count: number): string => inUnits(count, COUNTS);

/** 104768 → “104,768” */
export const grouped = (count: number): string => count.toLocaleString('en-GB');

export function timeInWords(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** [64, 32] → “64 × 32” */
export const shapeInWords = (shape: readonly number[]): string => (shape.length === 0 ? 'a number' : shape.join(' × '));
