/** A matrix as a picture: every pixel is the mean over a block of entries of one size. */

export interface PixelMap {
  /** Pixels across and down. */
  readonly width: number;
  readonly height: number;
  /** Entries that a pixel stands for; the last column and row of pixels may have fewer. */
  readonly colsPerPixel: number;
  readonly rowsPerPixel: number;
  /** Mean by pixel, row-major, [height, width]. */
  readonly values: Float32Array;
}

/** Most pixels of a side: more would be finer than what is drawn. */
const MOST_PIXELS = 192;

/** Takes values of a matrix in row-major order, as they come. */
export function createPixelMap(rows: number, cols: number) {
  const colsPerPixel = Math.max(1, Math.ceil(cols / MOST_PIXELS));
  const rowsPerPixel = Math.max(1, Math.ceil(rows / MOST_PIXELS));
  const [width, height] = [Math.ceil(cols / colsPerPixel), Math.ceil(rows / rowsPerPixel)];
  const sums = new Float64Array(width * height);
  return {
    /** @param index of the entry in the matrix */
    add(index: number, value: number) {
      const row = Math.floor(index / cols);
      const at = Math.floor(row / rowsPerPixel) * width + Math.floor((index - row * cols) / colsPerPixel);
      sums[at] = (sums[at] as number) + value;
    },
    result(): PixelMap {
      const values = Float32Array.from(sums, (sum, at) => {
        const [x, y] = [at % width, Math.floor(at / width)];
        const across = Math.min(cols, (x + 1) * colsPerPixel) - x * colsPerPixel;
        const down = Math.min(rows, (y + 1) * rowsPerPixel) - y * rowsPerPixel;
        return sum / (across * down);
      });
      return { width, height, colsPerPixel, rowsPerPixel, values };
    },
  };
}
