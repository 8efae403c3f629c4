/** Whether the merge on the screen can be made now, and if not, why. */
import type { Check, Planned } from './state.ts';

export type Offer =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'refused';
      readonly reasons: readonly string[];
      /** Choices about differences that nobody made yet. */
      readonly open: number;
      /** What headers say against it is told beside the table, and not again. */
      readonly misfit: boolean;
    }
  | { readonly kind: 'ready' };

/** A phone has little memory, and its browser ends a tab without a word. */
const PHONE_BYTES = 50_000_000;

const refused = (...reasons: readonly string[]): Offer => ({ kind: 'refused', reasons, open: 0, misfit: false });

export function offerOf(planned: Planned, check: Check, phone: boolean): Offer {
  switch (planned.phase) {
    case 'none':
      return { kind: 'waiting' };
    case 'refused':
      return refused(planned.failure.message);
    case 'planned': {
      const { refusals, needs } = planned.plan;
      if (refusals.length > 0) return toldOnce(refusals, check);
      if (needs?.refusal) return refused(needs.refusal.reason, needs.refusal.todo);
      if (phone && needs && needs.outputBytes > PHONE_BYTES)
        return refused(
          'On a phone files of at most 50 MB are merged: its browser would end this page without a word.',
          'Merge these on a computer; the recipe can be taken there.',
        );
      return { kind: 'ready' };
    }
  }
}

/** Without the reasons that the panel of choices and the verdict give at length. */
function toldOnce(refusals: readonly string[], check: Check): Offer {
  if (check.phase !== 'checked') return refused(...refusals);
  const { fit } = check.checked;
  const misfit = fit.refusals.length > 0;
  const undecided = fit.decisions.filter(({ chosen }) => chosen === null);
  const isTold = (reason: string) =>
    fit.refusals.includes(reason) || undecided.some(({ says }) => reason.startsWith(says));
  const reasons = refusals.filter((reason) => !isTold(reason));
  return { kind: 'refused', reasons, misfit, open: misfit ? 0 : undecided.length };
}
