import type { Check } from '../../store/files/state.ts';

/** Why a method cannot merge the models that are open; null where it can, or where nothing is known yet. */
export function refusalOf(check: Check, method: string): string | null {
  if (check.phase !== 'checked') return null;
  return check.checked.methods.find((one) => one.id === method)?.refusal ?? null;
}
