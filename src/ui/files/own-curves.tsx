import { nameOf } from '../../store/files/asked.ts';
import { useFiles } from '../../store/files/store.ts';
import CurveEditor from '../curves/curve-editor.tsx';

/** The editor of curves and filters on the merge of the visitor's own models. */
export default function OwnCurves() {
  const recipe = useFiles((state) => state.recipe);
  const models = useFiles((state) => state.models);
  const fit = useFiles(({ check }) => (check.phase === 'checked' ? check.checked.fit : undefined));
  const draw = useFiles((state) => state.curvesDrawn);
  const filter = useFiles((state) => state.filterSet);
  if (!fit) return <p className="hint">The models’ layers are not known yet.</p>;
  const expert = (id: string) => ({ name: nameOf({ models }, id), index: recipe.experts.indexOf(id) });
  return (
    <CurveEditor
      recipe={recipe}
      blocks={Math.max(1, fit.architecture.layers)}
      table={fit.rows.filter(({ fate }) => fate.kind === 'merge')}
      expert={expert}
      onCurves={draw}
      onFilter={filter}
    />
  );
}
