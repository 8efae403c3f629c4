/** Compares fast answers with naive ones: a fast wrong answer is not worth a clock. */

/** @throws Error with index, both values and the tolerance where the two differ by more */
export function expectNear(
  what: string,
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number | ((wanted: number, index: number) => number),
): void {
  if (got.length !== wanted.length) throw new Error(`${what}: ${got.length} values, but ${wanted.length} were wanted`);
  for (let i = 0; i < wanted.length; i++) {
    const [value, right] = [got[i] ?? Number.NaN, wanted[i] ?? Number.NaN];
    const allowed = typeof tolerance === 'number' ? tolerance : tolerance(right, i);
    if (!(Math.abs(value - right) <= allowed))
      throw new Error(`${what}: value ${i} is ${value}, the plain loop gives ${right} (tolerance ${allowed})`);
  }
}
