import { useStudio } from '../../store/studio.ts';
import { currentEntry, type Entry, whyNot } from '../ingredients/methods.ts';

interface UseButtonProps {
  readonly entry: Entry;
  readonly onUsed: () => void;
}

/** Takes the method into the recipe and goes to where its sliders are; says why where it cannot. */
export function UseButton({ entry, onUsed }: UseButtonProps) {
  const recipe = useStudio((state) => state.recipe);
  const chooseMethod = useStudio((state) => state.chooseMethod);
  const setView = useStudio((state) => state.setView);
  if (!recipe) return null;
  const { id, name, kind } = entry;
  const inUse =
    currentEntry(recipe)?.id === id || (kind !== 'merge' && recipe.chain.some((step) => step.method === id));
  const reason = inUse ? 'in use on the screen' : whyNot(entry, recipe.experts.length);
  const use = () => {
    // The page is left first: going back in the browser's history then returns to the recipe that was before.
    setView({ doc: null });
    chooseMethod(id);
    onUsed();
  };
  return (
    <span className="use">
      <button type="button" className="primary" disabled={reason !== undefined} onClick={use}>
        {kind === 'merge' ? `Use ${name}` : `Add ${name}`}
      </button>
      {reason !== undefined && <span className="hint">{reason}</span>}
    </span>
  );
}
