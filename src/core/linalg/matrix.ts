/**
 * Dense matrices as row-major Float64Arrays. Rows are given by their offset: making a view of each row would take longer than
 * the arithmetic on it. Every index below is in range by construction; `as number` only says so to the compiler.
 */

/** @returns the transpose [cols, rows] of x [rows, cols] */
export function transposed(x: ArrayLike<number>, rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j * rows + i] = x[i * cols + j] as number;
  }
  return out;
}

/**
 * a · b.
 * @param a [rows, inner]
 * @param b [inner, cols]
 * @returns [rows, cols]
 */
export function matmul(a: Float64Array, b: Float64Array, rows: number, inner: number, cols: number): Float64Array {
  if (a.length !== rows * inner || b.length !== inner * cols) {
    throw new Error(`matmul: ${a.length} and ${b.length} values are not [${rows}, ${inner}] and [${inner}, ${cols}]`);
  }
  const out = new Float64Array(rows * cols);
  const columns = transposed(b, inner, cols);
  const whole = cols - (cols % 4);
  for (let i = 0; i < rows; i++) {
    // Four columns at once: each entry of a is read once for four products.
    for (let j = 0; j < whole; j += 4) fourDots(a, i * inner, columns, j * inner, inner, out, i * cols + j);
    for (let j = whole; j < cols; j++) out[i * cols + j] = dot(a, i * inner, columns, j * inner, inner);
  }
  return out;
}

/** ⟨a, b_j⟩ for four consecutive rows b_j of `length` entries, written to four entries of `out`. */
function fourDots(
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  length: number,
  out: Float64Array,
  atOut: number,
): void {
  const [at1, at2, at3] = [atB + length, atB + 2 * length, atB + 3 * length];
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  for (let k = 0; k < length; k++) {
    const x = a[atA + k] as number;
    p += x * (b[atB + k] as number);
    q += x * (b[at1 + k] as number);
    r += x * (b[at2 + k] as number);
    s += x * (b[at3 + k] as number);
  }
  out[atOut] = p;
  out[atOut + 1] = q;
  out[atOut + 2] = r;
  out[atOut + 3] = s;
}

/** x · xᵀ, [rows, rows]: the Gram matrix of the rows of x [rows, cols]. */
export function gram(x: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * rows);
  const set = (i: number, j: number, value: number) => {
    out[i * rows + j] = value;
    out[j * rows + i] = value;
  };
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j <= i; j += 2) {
      if (i + 1 === rows || j + 1 === rows) {
        set(i, j, dot(x, i * cols, x, j * cols, cols));
        if (j + 1 < rows && j + 1 <= i) set(i, j + 1, dot(x, i * cols, x, (j + 1) * cols, cols));
        continue;
      }
      // Two rows by two: every entry is loaded once for two products.
      const [i0, i1, j0, j1] = [i * cols, (i + 1) * cols, j * cols, (j + 1) * cols];
      let p = 0;
      let q = 0;
      let r = 0;
      let s = 0;
      for (let k = 0; k < cols; k++) {
        const xi = x[i0 + k] as number;
        const yi = x[i1 + k] as number;
        const xj = x[j0 + k] as number;
        const yj = x[j1 + k] as number;
        p += xi * xj;
        q += xi * yj;
        r += yi * xj;
        s += yi * yj;
      }
      set(i, j, p);
      set(i, j + 1, q);
      set(i + 1, j, r);
      set(i + 1, j + 1, s);
    }
  }
  return out;
}

/** ⟨a, b⟩ of `length` entries from two offsets, in four running sums: one alone would wait for every addition to finish. */
export function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, length: number): number {
  const whole = length - (length % 4);
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  for (let j = 0; j < whole; j += 4) {
    p += (a[atA + j] as number) * (b[atB + j] as number);
    q += (a[atA + j + 1] as number) * (b[atB + j + 1] as number);
    r += (a[atA + j + 2] as number) * (b[atB + j + 2] as number);
    s += (a[atA + j + 3] as number) * (b[atB + j + 3] as number);
  }
  for (let j = whole; j < length; j++) p += (a[atA + j] as number) * (b[atB + j] as number);
  return p + q + (r + s);
}

/** target += factor · source over `length` entries. */
export function addScaled(
  target: Float64Array,
  atTarget: number,
  factor: number,
  source: Float64Array,
  atSource: number,
  length: number,
): void {
  for (let j = 0; j < length; j++) {
    target[atTarget + j] = (target[atTarget + j] as number) + factor * (source[atSource + j] as number);
  }
}

/** Plane rotation of rows i and j of x [·, cols]: (xᵢ, xⱼ) ← (c·xᵢ − s·xⱼ, s·xᵢ + c·xⱼ). */
export function rotateRows(x: Float64Array, i: number, j: number, cols: number, c: number, s: number): void {
  const [atI, atJ] = [i * cols, j * cols];
  for (let k = 0; k < cols; k++) {
    const upper = x[atI + k] as number;
    const lower = x[atJ + k] as number;
    x[atJ + k] = s * upper + c * lower;
    x[atI + k] = c * upper - s * lower;
  }
}
