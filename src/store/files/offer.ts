/** Whether the merge on the screen can be made now, and if not, why. */
import type { Planned } from './state.ts';

export type Offer =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  | { readonly kind: 'ready' };

/** A phone has little memory, and its browser ends a tab without a word. */
const PHONE_BYTES = 50_000_000;

export function offerOf(planned: Planned, phone: boolean): Offer {
  switch (planned.phase) {
    case 'none':
      return { kind: 'waiting' };
    case 'refused':
      return { kind: 'refused', reasons: [planned.failure.message] };
    case 'planned': {
      const { refusals, needs } = planned.plan;
      if (refusals.length > 0) return { kind: 'refused', reasons: refusals };
      if (needs?.refusal) return { kind: 'refused', reasons: [needs.refusal.reason, needs.refusal.todo] };
      if (phone && needs && needs.outputBytes > PHONE_BYTES)
        return {
          kind: 'refused',
          reasons: [
            'On a phone files of at most 50 MB are merged: its browser would end this page without a word.',
            'Merge these on a computer; the recipe can be taken there.',
          ],
        };
      return { kind: 'ready' };
    }
  }
}
