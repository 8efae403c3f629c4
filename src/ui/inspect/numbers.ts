/** Numbers of weights as the inspector prints them. */

/** Three significant digits: 0.0123, 1.23, 12.3, 1.2e-5. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) return value.toExponential(1).replaceAll('-', '−');
  return minus(size >= 1000 ? value.toFixed(0) : value.toPrecision(3));
}

/** Two decimals with a true minus. */
export const hundredths = (value: number): string =>
  Number.isFinite(value) ? minus(value.toFixed(2).replace(/^-0\.00$/, '0.00')) : '–';

const minus = (text: string) => text.replace('-', '−');
