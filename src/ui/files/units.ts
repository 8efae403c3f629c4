/** Sizes and times as people read them. */
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytesInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toPrecision(3)} ${UNITS[unit]}`;
}

const COUNTS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 7.24 B parameters. */
export function countInWords(count: number): string {
  const [size, letter] = COUNTS.find(([least]) => count >= least) ?? [1, ''];
  return size === 1 ? String(count) : `${(count / size).toPrecision(3)} ${letter}`;
}

export function timeInWords(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export const shapeInWords = (shape: readonly number[]): string => (shape.length === 0 ? 'a number' : shape.join(' × '));
