import { canDivide } from '../../store/layers.ts';
import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { AddStep } from './chain.tsx';
import { findMethod, isVisible, type Recipe, sameControls, usesSeed, withDefaults } from './methods.ts';
import { Seed } from './seed.tsx';
import { StepControls } from './step-controls.tsx';
import { useFamilyMix } from './use-family-mix.ts';

/** In See: how many settings are put away, and the way to them. */
function MoreControls({ recipe }: { readonly recipe: Recipe }) {
  const setView = useStudio((state) => state.setView);
  const choices = recipe.chain.flatMap((step) =>
    Object.values(findMethod(step.method)?.controls ?? {}).filter(
      (definition) => definition.kind === 'choice' && isVisible(step, definition),
    ),
  ).length;
  const undivided = recipe.chain.some((step) => canDivide(step) && (step.layerGroups ?? 1) === 1);
  const count = choices + (usesSeed(recipe) ? 1 : 0) + (undivided ? 1 : 0);
  if (count === 0) return null;
  return (
    <button type="button" className="flat" onClick={() => setView({ level: 'tune' })}>
      <Icon name="plus" size={14} /> {count} more {count === 1 ? 'setting' : 'settings'}
    </button>
  );
}

/** Every slider and choice of the recipe's chain, its seed, and the way back to the defaults. */
export function ControlPanel() {
  const mix = useFamilyMix();
  const adopt = useStudio((state) => state.adopt);
  const setSeed = useStudio((state) => state.setSeed);
  const chooseMethod = useStudio((state) => state.chooseMethod);
  if (!mix) return null;
  const { recipe, see } = mix;
  const defaults = withDefaults(recipe);
  return (
    <section className="control-panel" aria-label="Controls">
      {recipe.chain.map((step, at) => (
        <StepControls key={step.method} mix={mix} step={step} at={at} />
      ))}
      {!see && <AddStep recipe={recipe} onAdd={chooseMethod} />}
      <footer className="panel-foot">
        {!see && usesSeed(recipe) && <Seed seed={recipe.seed} onSet={setSeed} />}
        {see && <MoreControls recipe={recipe} />}
        <button
          type="button"
          className="flat"
          disabled={sameControls(recipe, defaults)}
          onClick={() => adopt({ ...defaults, seed: recipe.seed })}
        >
          <Icon name="reset" size={14} /> Reset all
        </button>
      </footer>
    </section>
  );
}
