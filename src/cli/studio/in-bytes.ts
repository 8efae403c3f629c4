const UNITS = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const;
const DIGITS = 3;

/** 13476854784 → “13.5 GB” */
export function inBytes(bytes: number): string {
  const unit = UNITS.find(([size]) => bytes >= size);
  return unit ? `${Number((bytes / unit[0]).toPrecision(DIGITS))} ${unit[1]}` : `${bytes} bytes`;
}
