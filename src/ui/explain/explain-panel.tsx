import type { StudioState } from '../../store/state.ts';
import { useCalm } from '../use-calm.ts';
import { methodOf } from './numbers.ts';
import { Readout } from './readout.tsx';
import { StepCard } from './step-card.tsx';
import './explain.css';

const selectRecipe = ({ recipe }: StudioState) => recipe;

/** Why the merge behaves as it does: every step of the chain with its formula, when it helps and when it hurts. */
export function ExplainPanel() {
  const recipe = useCalm(selectRecipe);
  if (!recipe) return null;
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
