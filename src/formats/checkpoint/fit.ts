/** Lays models beside each other, tensor by tensor, from their headers alone. */
import type { Choices, Fit } from './fit-table.ts';
import type { ModelOutline } from './outline.ts';

export interface FitRequest {
  /** Id of the base, null for methods that need none. */
  readonly base: string | null;
  /** Ids in the order of their coefficients; more than once is allowed for none. */
  readonly experts: readonly string[];
  readonly choices: Choices;
}

export function fitModels(outlines: readonly ModelOutline[], request: FitRequest): Fit {
  throw new Error('to come');
}
