import { useControlHelp } from '../../store/handbook.ts';
import { furtherOf, namedCoefficients } from '../../store/point-recipe.ts';
import type { selectBudget } from '../../store/selectors.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';

type Coefficients = ReturnType<typeof namedCoefficients>;

export type Budget = NonNullable<ReturnType<typeof selectBudget>>;

interface VariesProps {
  readonly budget: Budget;
}

/** What the measured merges differ in, and what else may vary with it. */
export function Varies({ budget }: VariesProps) {
  const recipe = useStudio((state) => state.recipe);
  const space = useStudio(selectSpace);
  if (!recipe) return null;
  const coefficients = namedCoefficients(recipe, space);
  const further = furtherOf(recipe);
  const summary = `varies: ${inWords(coefficients) || 'nothing'}`;
  // Without a choice there is something to say only where it is not plain to see from the sliders' names.
  if (further.length === 0) return coefficients[0]?.layers && <span className="varies">{summary}</span>;
  return (
    <details className="varies">
      <summary>{summary}</summary>
      <fieldset aria-label="Varied with the coefficients" aria-describedby="varies-cost">
        {further.map((one) => (
          <Option key={one.id} further={one} vary={space.vary} />
        ))}
      </fieldset>
      <p id="varies-cost" className="hint">
        {costOf(budget)}
      </p>
    </details>
  );
}

interface OptionProps {
  readonly further: ReturnType<typeof furtherOf>[number];
  readonly vary: readonly string[];
}

function Option({ further, vary }: OptionProps) {
  const { id, control } = further;
  const { symbol, name, stage, min, max } = control;
  const help = useControlHelp(further.method, further.key);
  const setView = useStudio((state) => state.setView);
  const toggle = (on: boolean) => setView({ vary: on ? [...vary, id] : vary.filter((other) => other !== id) });
  return (
    <label title={help?.help}>
      <input type="checkbox" checked={vary.includes(id)} onChange={(event) => toggle(event.currentTarget.checked)} />
      <b>{symbol}</b> {name}, {min} to {max}
      {stage === 'prepare' && <span className="hint"> · prepares every merge anew</span>}
    </label>
  );
}

function costOf({ coefficients, unknowns, merges, prepares }: Budget): string {
  if (coefficients === 0) return 'Choose what the merges are to differ in.';
  const formula = `N = ${coefficients}: p = (N + 1)(N + 2)/2 = ${unknowns} unknowns per task, so 2p = ${merges} merges`;
  return prepares ? `${formula}, each with a preparation of its own.` : `${formula}, all from one preparation.`;
}

/** For example "λ of 4 experts in 2 groups of layers, K". */
function inWords(coefficients: Coefficients): string {
  const own = coefficients.filter(({ expert }) => expert !== undefined);
  const experts = new Set(own.map(({ expert }) => expert)).size;
  const groups = own.length / Math.max(1, experts);
  const whose = `${own[0]?.symbol} of ${experts} ${experts === 1 ? 'expert' : 'experts'}`;
  const others = coefficients.flatMap(({ expert, name }) => (expert === undefined ? [name] : []));
  return [...(experts > 0 ? [groups > 1 ? `${whose} in ${groups} groups of layers` : whose] : []), ...others].join(
    ', ',
  );
}
