import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { type Scale, spoken, sum } from '../controls/scale.ts';

/** Beyond this a coefficient is no weight, and a sum of them says nothing. */
const LARGEST_WEIGHT = 2;
const TOTAL: Scale = { min: 0, max: 1, step: 0.05, default: 0 };

/** A slider per coefficient of the file, as far as it was sampled: beyond, the surrogates would only extrapolate. */
export function CoefficientSliders() {
  const recipe = useStudio((state) => state.recipe);
  const space = useStudio(selectSpace);
  const setControl = useStudio((state) => state.setControl);
  if (!recipe) return null;
  const coefficients = namedCoefficients(recipe, space);
  const weights = coefficients.every(({ min, max }) => min >= -LARGEST_WEIGHT && max <= LARGEST_WEIGHT);
  return (
    <section className="coefficients" aria-label="Coefficients">
      <header className="section-head">
        <h2>Coefficients</h2>
        {weights && coefficients.length > 1 && (
          <output className="hint" title="Sum of all coefficients">
            Σ {spoken(TOTAL, sum(coefficients.map(({ value }) => value)))}
          </output>
        )}
      </header>
      {coefficients.map(({ key, value, min, max, step }) => (
        <ControlRow
          key={key}
          label={key}
          inWords={key}
          title={key}
          value={value}
          scale={{ min, max, step, default: (min + max) / 2 }}
          onMove={(next, live) => setControl(0, key, next, live)}
        />
      ))}
    </section>
  );
}
