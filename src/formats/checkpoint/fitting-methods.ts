/** Which methods can merge these files, and why the others cannot. */
import type { Catalogue } from '../../methods/metadata.ts';
import type { Fit } from './fit-table.ts';

export interface MethodFit {
  readonly method: string;
  /** Why it cannot merge these files, in a sentence; null where it can. */
  readonly refusal: string | null;
}

/** All methods and presets of the catalogue, in its order. */
export function fittingMethods(fit: Pick<Fit, 'base' | 'experts'>, catalogue: Catalogue): readonly MethodFit[] {
  throw new Error('to come');
}
