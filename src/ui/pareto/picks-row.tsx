import { adoptCandidate, type Choice, selectChoice } from '../../store/choice.ts';
import { type Goal, selectGoals } from '../../store/objectives.ts';
import type { Candidate, Pick } from '../../store/picks.ts';
import { namedCoefficients } from '../../store/point-recipe.ts';
import { selectSpace } from '../../store/space.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { Term } from '../controls/term.tsx';
import { useCalm } from '../use-calm.ts';
import { RULES } from './rules.ts';
import { isMinimised, valueText } from './units.ts';
import './picks.css';

/** More values than this are told by their worst and their mean. */
const FEW = 3;
/** Of fewer merges there is nothing to choose. */
const FEWEST = 2;

interface PicksRowProps {
  /** What the pointer or the focus is on, to be shown in the plot above. */
  onHover(candidate: Candidate | undefined): void;
}

/** What each rule chooses from the front, to be taken over; below it the rules' settings. */
export function PicksRow({ onHover }: PicksRowProps) {
  const choice = useCalm(selectChoice);
  const goals = useStudio(selectGoals);
  const short = shortNote(choice);
  return (
    <section className="picks-panel" aria-label="Choose from the front">
      <div className="picks-row">
        <span className="lead">
          <Term help={noteOf(choice)}>{inFull(goals) ? 'Choose' : 'Worst / mean'}</Term>
        </span>
        {choice.total >= FEWEST &&
          choice.picks.map((pick) => <PickButton key={pick.rule} pick={pick} onHover={onHover} />)}
        {short !== '' && <span className="pick-note">{short}</span>}
      </div>
    </section>
  );
}

/** Only what is not plain to see: nothing to choose from, or not everything. */
function shortNote(choice: Choice): string {
  const { kept, total } = choice;
  if (total < FEWEST || kept === 0) return noteOf(choice);
  return kept < total ? `among ${kept} of ${total}` : '';
}

function noteOf({ among, kept, total, n }: Choice): string {
  if (total < FEWEST) return `There is no ${among} front of this mix yet: measure points first.`;
  const of = kept < total ? `${kept} of ${total}` : `${total}`;
  if (kept === 0)
    return `None of ${total} ${among} merges meets all floors and brushes: lower a floor, or clear the selection.`;
  if (among === 'measured') return `among ${of} measured merges, calibration split, n = ${n} per task`;
  return `among ${of} predicted merges: estimated for the calibration split`;
}

function PickButton({ pick, onHover }: { readonly pick: Pick } & PicksRowProps) {
  const { rule, candidate, reached } = pick;
  const now = useStudio((state) => isNow(state, candidate));
  const { name, help } = RULES[rule];
  const goals = useStudio(selectGoals);
  const text = valuesText(candidate.values, goals);
  const unit = goals.every((goal) => goal.unit === 'share') ? ' percent' : '';
  const spoken = inFull(goals) ? `${text}${unit}` : `worst and mean ${text}${unit}`;
  const origin = candidate.kind === 'measured' ? `measured, n = ${candidate.n}` : 'estimated';
  return (
    <button
      type="button"
      className={`pick ${candidate.kind}`}
      data-rule={rule}
      aria-pressed={now}
      aria-label={`Use the ${name} merge: ${spoken}, ${origin}${reached ? '' : ', the wish is not met'}`}
      title={`${help}. ${origin}${reached ? '' : ', the wish is not met'}.`}
      onClick={() => adoptCandidate(useStudio.getState(), candidate)}
      onPointerEnter={() => onHover(candidate)}
      onPointerLeave={() => onHover(undefined)}
      onFocus={() => onHover(candidate)}
      onBlur={() => onHover(undefined)}
    >
      {name} <b>{text}</b>
      {rule === 'wish' && <i>{reached ? 'met' : 'not met'}</i>}
    </button>
  );
}

/** Of many goals in one unit the worst and the mean say enough; several units have neither. */
const inFull = (goals: readonly Goal[]): boolean =>
  goals.length <= FEW || goals.some((goal) => goal.unit !== goals[0]?.unit);

function valuesText(values: readonly number[], goals: readonly Goal[]): string {
  const text = (value: number, m: number) => valueText(goals[m]?.unit ?? 'share', value);
  if (inFull(goals)) return values.map(text).join(' · ');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const worst = goals.some(isMinimised) ? Math.max(...values) : Math.min(...values);
  return `${text(worst, 0)} / ${text(mean, 0)}`;
}

/** Coefficients nearer than this are the same on every slider. */
const SAME = 1e-6;

/** Whether the candidate is the merge on the screen. */
function isNow(state: StudioState, { coefficients }: Candidate): boolean {
  const { recipe } = state;
  const now = recipe ? namedCoefficients(recipe, selectSpace(state)) : [];
  return now.length > 0 && now.every(({ value }, i) => Math.abs(value - (coefficients[i] ?? value)) < SAME);
}
