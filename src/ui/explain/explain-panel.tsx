import { useShelf } from '../../store/handbook.ts';
import type { StudioState } from '../../store/state.ts';
import { useCalm } from '../use-calm.ts';
import { Missing } from './missing.tsx';
import { methodOf } from './numbers.ts';
import { Readout } from './readout.tsx';
import { StepCard } from './step-card.tsx';
import './explain.css';

const selectRecipe = ({ recipe }: StudioState) => recipe;

/** Why the merge behaves as it does: every step of the chain with its formula, when it helps and when it hurts. */
export function ExplainPanel() {
  const recipe = useCalm(selectRecipe);
  const handbook = useShelf();
  if (!recipe) return null;
  const steps = recipe.chain.flatMap((step) => methodOf(step) ?? []);
  // Nothing below a text that is on its way: it would be pushed down.
  if (handbook.phase !== 'open') {
    return (
      <section className="explain" aria-label="Explanation">
        <h2>{steps[0]?.name}</h2>
        {handbook.phase === 'failed' && <Missing />}
      </section>
    );
  }
  return (
    <section className="explain" aria-label="Explanation">
      {recipe.chain.map((step, i) => {
        const method = methodOf(step);
        return method && <StepCard key={step.method} recipe={recipe} step={step} method={method} place={i} />;
      })}
      <Readout />
    </section>
  );
}
