import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { chainName, currentEntry, findMethod } from './methods.ts';

/** Names the method in use; opens the sheet of all methods. */
export function MethodButton({ onOpen }: { readonly onOpen: () => void }) {
  const recipe = useStudio((state) => state.recipe);
  if (!recipe) return null;
  const entry = currentEntry(recipe);
  const merge = recipe.chain.map((step) => findMethod(step.method)).find((method) => method?.kind === 'merge');
  return (
    <section aria-label="Method">
      <header className="section-head">
        <h2>Method</h2>
      </header>
      <button type="button" className="method-button" aria-haspopup="dialog" onClick={onOpen}>
        <strong>{chainName(recipe)}</strong>
        <Icon name="chevron" />
        <small>{entry?.summary ?? merge?.summary}</small>
      </button>
    </section>
  );
}
