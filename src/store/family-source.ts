/** Where the family of this page comes from and what runs it, for whoever opens workers of their own. */
import type { FamilySource } from '../client/open-request.ts';

let source: FamilySource | undefined;

/** Once, when the page opens. */
export function setFamilySource(found: FamilySource): void {
  source = found;
}

export const familySource = (): FamilySource | undefined => source;
