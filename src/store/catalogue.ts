/** The methods that recipes of this page may name: those of the studio, and stand-ins for merges that were made elsewhere. */
import bundled from 'virtual:catalogue';
import type { Catalogue, MethodMetadata } from '../methods/metadata.ts';

const methods: MethodMetadata[] = [...bundled.methods];

export const catalogue: Catalogue = { methods, presets: bundled.presets };

/** Adds a stand-in. Its id is a hash of its content, so that it never changes and is never taken away. */
export function introduce(method: MethodMetadata): void {
  if (!methods.some(({ id }) => id === method.id)) methods.push(method);
}
