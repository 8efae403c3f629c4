/** Heights of the rows of a table that draws only those in sight: known before a row is drawn, so they are reckoned from its texts. */

export interface Measures {
  /** Of the text in a row, in CSS pixels. */
  readonly width: number;
  /** Whether the models stand in a line of their own. */
  readonly isNarrow: boolean;
}

/** Of lines, in CSS pixels, as in fit-table.css. */
const NAME_LINE = 18;
const SMALL_LINE = 16;
const PADDING = 12;
const MODELS_LINE = 24;
/** Widest that letters are on average. What is reckoned too wide leaves a blank line. */
const NAME_LETTER = 7.4;
const SMALL_LETTER = 6.3;
/** A row with more lines is cut. */
const MOST_LINES = 8;

/** @param texts the tensor's name, then a paragraph for each reason */
export function heightOf([name = '', ...reasons]: readonly string[], { width, isNarrow }: Measures): number {
  const lines = (text: string, letter: number) => Math.max(1, Math.ceil((text.length * letter) / Math.max(1, width)));
  const small = 1 + reasons.reduce((sum, reason) => sum + lines(reason, SMALL_LETTER), 0);
  const named = NAME_LINE * Math.min(MOST_LINES, lines(name, NAME_LETTER));
  return PADDING + named + SMALL_LINE * Math.min(MOST_LINES, small) + (isNarrow ? MODELS_LINE : 0);
}

/** What is drawn beyond the edges, for quick scrolling, and the highest that the table is, in CSS pixels. */
const SPARE = 400;
const HIGHEST = 900;

export interface Window {
  /** Rows that are drawn: from … to − 1. */
  readonly from: number;
  readonly to: number;
  /** Pixels of the rows that are not. */
  readonly above: number;
  readonly below: number;
}

/** @param top how far the table is scrolled, in CSS pixels */
export function windowOf(heights: readonly number[], top: number): Window {
  let [at, from, above] = [0, 0, 0];
  while (from < heights.length - 1 && at + (heights[from] ?? 0) < top - SPARE) at += heights[from++] ?? 0;
  above = at;
  let to = from;
  while (to < heights.length && at < top + HIGHEST + SPARE) at += heights[to++] ?? 0;
  const below = heights.slice(to).reduce((sum, height) => sum + height, 0);
  return { from, to, above, below };
}
