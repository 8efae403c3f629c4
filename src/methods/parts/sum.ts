/** Σ of numbers in the order given, in float64. */
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
