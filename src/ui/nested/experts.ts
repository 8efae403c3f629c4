import { useMemo } from 'react';
import { useStudio } from '../../store/studio.ts';

/** An expert of the mix. */
export interface Expert {
  readonly id: string;
  readonly name: string;
  /** On the card: picks colour and shape. */
  readonly index: number;
}

const NONE: readonly string[] = [];

/** The experts of the recipe on the screen, in the order of its coefficients. */
export function useExperts(): readonly Expert[] {
  const card = useStudio((state) => state.card);
  const ids = useStudio((state) => state.recipe?.experts ?? NONE);
  return useMemo(
    () =>
      ids.map((id) => {
        const index = card?.experts.findIndex((expert) => expert.id === id) ?? 0;
        return { id, name: card?.experts[index]?.name ?? id, index };
      }),
    [card, ids],
  );
}

/** "Digits + Kana" */
export const namesOf = (leaves: readonly number[], experts: readonly Expert[]): string =>
  leaves.map((i) => experts[i]?.name ?? '').join(' + ');
