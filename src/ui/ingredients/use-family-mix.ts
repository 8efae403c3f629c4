import { lazy } from 'react';
import { useStudio } from '../../store/studio.ts';
import type { Mix } from './mix.ts';

const Curves = lazy(() => import('./family-curves.tsx'));

/** The recipe of the networks on the screen; null while they load. */
export function useFamilyMix(): Mix | null {
  const state = useStudio(({ recipe }) => recipe);
  const card = useStudio(({ card: own }) => own);
  const see = useStudio(({ view }) => (view?.level ?? 'see') === 'see');
  const locked = useStudio(({ sumLocked }) => sumLocked);
  if (!state || !card) return null;
  const { setControl, setCoefficient, setLayerGroups, moveStep, removeStep, lockSum } = useStudio.getState();
  return {
    recipe: state,
    experts: state.experts.map((id) => {
      const index = card.experts.findIndex((known) => known.id === id);
      return { id, label: id, name: card.experts[index]?.name ?? id, index };
    }),
    blocks: card.model.blocks,
    see,
    isMeasured: true,
    locked,
    onLock: lockSum,
    Curves,
    onSet: setControl,
    onSetOne: setCoefficient,
    onDivide: setLayerGroups,
    onMoveStep: moveStep,
    onRemoveStep: removeStep,
  };
}
