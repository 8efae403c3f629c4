/** The largest entries of a change, and one bit per entry that says where they are. */
import { bitAt, packBits } from './bits.ts';

/** A type rather than an interface, so that it is a `Code` too. */
export type PrunedCode = {
  /** Empty where everything is kept. */
  readonly places: Uint8Array;
  readonly values: Float32Array;
};

/** Keeps ⌊n · share⌋ entries, those of the lower index among equal ones. */
export function encodePruned(change: Float32Array, share: number): PrunedCode {
  const { length } = change;
  const kept = Math.floor(length * share);
  if (kept >= length) return { places: new Uint8Array(), values: change.slice() };
  const order = Array.from({ length }, (_, i) => i).sort(
    (a, b) => Math.abs(change[b] as number) - Math.abs(change[a] as number),
  );
  const chosen = new Set(order.slice(0, kept));
  return { places: packBits(length, (i) => chosen.has(i)), values: change.filter((_, i) => chosen.has(i)) };
}

export function decodePruned({ places, values }: PrunedCode, length: number): Float32Array {
  if (places.length === 0) return values.slice();
  let next = 0;
  return Float32Array.from({ length }, (_, i) => (bitAt(places, i) ? (values[next++] as number) : 0));
}
