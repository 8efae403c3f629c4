import { useStudio } from '../../store/studio.ts';
import { familyTensors } from '../../store/tensors.ts';
import CurveEditor from '../curves/curve-editor.tsx';

/** The editor of curves and filters on the recipe of the networks on the screen. */
export default function FamilyCurves() {
  const recipe = useStudio((state) => state.recipe);
  const card = useStudio((state) => state.card);
  const setCurves = useStudio((state) => state.setCurves);
  const setFilter = useStudio((state) => state.setFilter);
  if (!recipe || !card) return null;
  const expert = (id: string) => {
    const index = card.experts.findIndex((known) => known.id === id);
    return { name: card.experts[index]?.name ?? id, index };
  };
  return (
    <CurveEditor
      recipe={recipe}
      blocks={card.model.blocks}
      table={familyTensors(card)}
      expert={expert}
      onCurves={setCurves}
      onFilter={setFilter}
    />
  );
}
