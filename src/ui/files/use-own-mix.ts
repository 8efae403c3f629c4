import { lazy } from 'react';
import { nameOf } from '../../store/files/asked.ts';
import { useFiles } from '../../store/files/store.ts';
import type { Mix } from '../ingredients/mix.ts';

const Curves = lazy(() => import('./own-curves.tsx'));

/** The recipe of the models that are open. */
export function useOwnMix(): Mix {
  const recipe = useFiles((state) => state.recipe);
  const models = useFiles((state) => state.models);
  const blocks = useFiles(({ check }) => (check.phase === 'checked' ? check.checked.fit.architecture.layers : 0));
  const { controlMoved, layersDivided, stepMoved, stepRemoved } = useFiles.getState();
  const methodAt = (step: number) => recipe.chain[step]?.method ?? '';
  return {
    recipe,
    experts: recipe.experts.map((id, index) => ({
      id,
      index,
      label: nameOf({ models }, id),
      name: nameOf({ models }, id),
    })),
    blocks: Math.max(1, blocks),
    see: false,
    isMeasured: false,
    Curves,
    onSet: (step, control, value) => controlMoved(methodAt(step), control, value),
    onSetOne: (step, control, place, value) => {
      const values = recipe.chain[step]?.controls[control];
      if (Array.isArray(values)) controlMoved(methodAt(step), control, values.with(place, value));
    },
    onDivide: layersDivided,
    onMoveStep: stepMoved,
    onRemoveStep: stepRemoved,
  };
}
