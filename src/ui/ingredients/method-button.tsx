import { useHandbook } from '../../store/handbook.ts';
import { Icon } from '../icons.tsx';
import { chainName, currentEntry, findMethod, type Recipe } from './methods.ts';

/** Names the method in use; opens the sheet of all methods. */
export function MethodButton({ recipe, onOpen }: { readonly recipe: Recipe; readonly onOpen: () => void }) {
  const merge = recipe.chain.find((step) => findMethod(step.method)?.kind === 'merge');
  const id = currentEntry(recipe)?.id ?? merge?.method ?? '';
  const summary = useHandbook(({ methods, presets }) => (presets[id] ?? methods[id])?.summary);
  return (
    <section aria-label="Method">
      <header className="section-head">
        <h2>Method</h2>
      </header>
      <button type="button" className="method-button" aria-haspopup="dialog" title={summary} onClick={onOpen}>
        <strong>{chainName(recipe)}</strong>
        <Icon name="chevron" />
        <small>{summary}</small>
      </button>
    </section>
  );
}
