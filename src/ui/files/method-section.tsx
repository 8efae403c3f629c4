import { lazy, Suspense, useState } from 'react';
import { useFiles } from '../../store/files/store.ts';
import { Icon } from '../icons.tsx';
import { AddStep } from '../ingredients/chain.tsx';
import { MethodButton } from '../ingredients/method-button.tsx';
import { sameControls, usesSeed, withDefaults } from '../ingredients/methods.ts';
import { Seed } from '../ingredients/seed.tsx';
import { StepControls } from '../ingredients/step-controls.tsx';
import { OwnOrder } from './order.tsx';
import { refusalOf } from './refusals.ts';
import { useOwnMix } from './use-own-mix.ts';

const MethodSheet = lazy(() => import('./method-sheet.tsx'));

/** What an empty box of text begins with. */
const EXAMPLE = `merge_method: linear
models:
  - model: name-of-a-model
    parameters:
      weight: 0.5
dtype: float16
`;

/** The method, its coefficients and settings. */
export function MethodSection() {
  const mix = useOwnMix();
  const check = useFiles((state) => state.check);
  const { recipe } = mix;
  const { configurationOpened, methodChosen, recipeReset, seedSet } = useFiles.getState();
  const [open, setOpen] = useState(false);
  return (
    <>
      <MethodButton recipe={recipe} onOpen={() => setOpen(true)} />
      <section className="control-panel" aria-label="Controls">
        <OwnOrder recipe={recipe} />
        {recipe.chain.map((step, at) => (
          <StepControls key={step.method} mix={mix} step={step} at={at} />
        ))}
        <AddStep recipe={recipe} onAdd={methodChosen} isRefused={(id) => refusalOf(check, id) !== null} />
        <footer className="panel-foot">
          {usesSeed(recipe) && <Seed seed={recipe.seed} onSet={seedSet} />}
          <button
            type="button"
            className="flat"
            disabled={sameControls(recipe, withDefaults(recipe))}
            onClick={() => recipeReset(withDefaults(recipe))}
          >
            <Icon name="reset" size={14} /> Reset all
          </button>
        </footer>
        <button
          type="button"
          className="flat own-yaml"
          onClick={() => configurationOpened({ name: 'Typed here', text: EXAMPLE })}
        >
          Paste a mergekit configuration …
        </button>
      </section>
      <Suspense>{open && <MethodSheet onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
