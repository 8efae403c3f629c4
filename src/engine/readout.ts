/** What a method lets the user read of all its pieces together. */
import type { Method, Readout } from '../methods/define.ts';

/**
 * A method that sees the whole network at once speaks for itself. One that sees a tensor at a time tells numbers about each:
 * they become curves over the tensors that have them, in the order of the table.
 */
export function readoutOf(
  method: Extract<Method, { kind: 'merge' }>,
  pieces: readonly unknown[],
  controls: Readonly<Record<string, unknown>>,
): Readout | null {
  if (!method.readout) return null;
  if (method.scope !== 'tensor') return method.readout(pieces[0], controls);
  const curves = new Map<string, number[]>();
  for (const piece of pieces) {
    for (const { name, value } of method.readout(piece, controls).numbers ?? []) {
      const values = curves.get(name) ?? [];
      curves.set(name, [...values, value]);
    }
  }
  if (curves.size === 0) return null;
  return { curves: [...curves].map(([name, values]) => ({ name, values, along: 'matrices' })) };
}
