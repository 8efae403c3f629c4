/** Labelled samples as somebody brought them, before they are divided and packed. */

/** More samples are hardly meant for a page that measures while sliders move. */
export const MAX_SAMPLES = 200_000;
/** Of a file, unpacked: MNIST's 60,000 training images take 47 MB. */
export const MAX_FILE_BYTES = 256_000_000;
/** Of a text, which takes several times its size while it is read. */
export const MAX_TEXT_BYTES = 60_000_000;

export interface OwnSamples {
  /** [count, inputs]; bytes are grey levels 0…255, floats are what the network gets. */
  readonly values: Uint8Array | Float32Array;
  readonly inputs: number;
  /** One per sample, as it is written. */
  readonly labels: readonly string[];
  /** What was left out or assumed, a sentence each. */
  readonly notes: readonly string[];
}

/** Data that cannot be read: names the file, the place in it, what was found and what was wanted. */
export class DataError extends Error {
  override name = 'DataError';
}
