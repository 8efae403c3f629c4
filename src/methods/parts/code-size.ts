/** Counts what a compressed change takes to store. */

/** Whatever has to be written to decode a change again: typed arrays, in lists and records. */
export type Code = ArrayBufferView | readonly Code[] | { readonly [name: string]: Code };

/** The arrays of a code, in the order in which they are written. */
export function arraysIn(code: Code): ArrayBufferView[] {
  if (ArrayBuffer.isView(code)) return [code];
  return Object.values(code).flatMap((part: Code) => arraysIn(part));
}

export const bitsOf = (code: Code): number => arraysIn(code).reduce((sum, { byteLength }) => sum + 8 * byteLength, 0);
